export { usefulThreads } from "./cores.js";
export {
  type ByteMatrix,
  type CompiledNetwork,
  type CompileOptions,
  type DeviceName,
  deviceNames,
  type Engine,
  type EngineName,
  engineNames,
  type LoadedByteRows,
  type LoadedRows,
  type MatrixBackend,
  type Output,
  type OutputRequest,
} from "./engine.js";
export { type EngineStatus, engineReport, loadEngine, loadMatrixBackend } from "./load-engine.js";

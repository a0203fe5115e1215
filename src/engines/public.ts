export {
  type DeviceName,
  type EngineName,
  type EngineStatus,
  engineNames,
  engineReport,
  type LoadedRows,
  type MatrixBackend,
} from "./index.js";

import { messageOf } from "../core/errors.js";
import { oneOf } from "../core/options.js";
import { type Engine, type EngineName, engineNames, type MatrixBackend } from "./engine.js";
import { javascriptMatrix } from "./javascript-matrix.js";
import { loadOnnxruntime } from "./onnxruntime.js";
import { loadTfjsNode } from "./tfjs-node.js";
import { loadTfjsWasm } from "./tfjs-wasm.js";

/** Whether an engine works here. */
export interface EngineStatus {
  /** Name of the engine. */
  readonly name: EngineName;
  /** Whether it was loaded. */
  readonly available: boolean;
  /** Its version and that of the library below, where it was loaded. */
  readonly version?: string;
  /** One sentence on why it was not loaded. */
  readonly reason?: string;
}

const loaders: Record<EngineName, () => Promise<Engine>> = {
  "onnxruntime-node": loadOnnxruntime,
  "tfjs-node": loadTfjsNode,
  "tfjs-wasm": loadTfjsWasm,
};

const loaded = new Map<EngineName, Promise<Engine>>();
let toldWasm = false;

function load(name: EngineName): Promise<Engine> {
  const engine = loaded.get(name) ?? loaders[name]();
  loaded.set(name, engine);
  return engine;
}

/**
 * Loads an engine; each is loaded once in a process.
 *
 * @param name - name of the engine; default the best that works here: onnxruntime-node, tfjs-node, tfjs-wasm
 * @returns the engine
 * @throws RangeError when the name is unknown, Error when it does not work here, saying why
 */
export async function loadEngine(name?: string): Promise<Engine> {
  if (name !== undefined) {
    const chosen = oneOf("engine", name, engineNames);
    try {
      return await load(chosen);
    } catch (error) {
      throw new Error(`the engine ${chosen} does not work here: ${reasonOf(error)}`, { cause: error });
    }
  }
  const engine = await firstOf(engineNames);
  if (engine.name === "tfjs-wasm" && !toldWasm) {
    toldWasm = true;
    process.stderr.write(
      "only the engine tfjs-wasm works here, about 4 times slower than onnxruntime-node; dn2 doctor says why the others are missing\n",
    );
  }
  return engine;
}

const smallProblem = 3e7;
const largeProblem = 3e11;

/**
 * Loads what multiplies matrices fastest for an exact neighbour search of a given size.
 *
 * Below 3e7 multiplications plain JavaScript, which has nothing to load; from 3e11 on tfjs-node, which is some 10 % faster
 * than onnxruntime-node and takes a third of a second to load; between them onnxruntime-node. Where the first choice is
 * missing, the next best that works.
 *
 * @param multiplications - queries x rows x numbers in a row of the whole search; default infinite
 * @returns the back end
 */
export async function loadMatrixBackend(multiplications = Number.POSITIVE_INFINITY): Promise<MatrixBackend> {
  if (multiplications < smallProblem) return javascriptMatrix;
  const order: EngineName[] =
    multiplications < largeProblem ? [...engineNames] : ["tfjs-node", "onnxruntime-node", "tfjs-wasm"];
  return (await firstOf(order)).matrix;
}

async function firstOf(names: readonly EngineName[]): Promise<Engine> {
  const reasons: string[] = [];
  for (const name of names) {
    try {
      return await load(name);
    } catch (error) {
      reasons.push(`${name}: ${reasonOf(error)}`);
    }
  }
  throw new Error(`no engine works here; install the package again (${reasons.join("; ")})`);
}

/**
 * Tries every engine.
 *
 * @returns for each, best first, whether it works, with its version or the reason why not
 */
export async function engineReport(): Promise<EngineStatus[]> {
  const report: EngineStatus[] = [];
  for (const name of engineNames) {
    try {
      report.push({ name, available: true, version: (await load(name)).version });
    } catch (error) {
      report.push({ name, available: false, reason: reasonOf(error) });
    }
  }
  return report;
}

function reasonOf(error: unknown): string {
  const message = messageOf(error)
    .split("\n")[0]
    .replace(/[.\s]+$/, "");
  const code = (error as { code?: unknown })?.code;
  const absent = code === "MODULE_NOT_FOUND" || message.includes("native addon module");
  if (!absent && code !== "ERR_DLOPEN_FAILED") return message;
  const cause = absent ? "its package or its native part is not installed" : message;
  return `${cause}; npm run setup installs it where this system allows`;
}

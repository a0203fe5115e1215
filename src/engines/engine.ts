import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { layerNamed, type Network } from "../networks/network.js";
import type { Weights } from "../networks/weights.js";

/** Names of the engines, best first. */
export const engineNames = ["onnxruntime-node", "tfjs-node", "tfjs-wasm"] as const;

/** Name of an engine. */
export type EngineName = (typeof engineNames)[number];

/** Name of a device. */
export type DeviceName = "cpu" | "cuda" | "webgpu";

/** Names of what networks can run on; which of them works depends on engine and machine. */
export const deviceNames: readonly DeviceName[] = ["cpu", "cuda", "webgpu"];

/** What a compiled network is to give. */
export interface OutputRequest {
  /** Name of a layer, or of a block. */
  readonly layer: string;
  /** Whether the layer's map is averaged over all pixels. */
  readonly pooled: boolean;
}

/** One result of a run. */
export interface Output {
  /** Name asked for. */
  readonly layer: string;
  /** Batch x channels where pooled, else batch x channels x height x width. */
  readonly shape: readonly number[];
  /** Float32Array of that shape, row-major; the caller's to keep. */
  readonly data: Float32Array;
}

/** How a network is compiled. */
export interface CompileOptions {
  /** Layers wanted; default the network's feature layer, pooled. */
  outputs?: readonly OutputRequest[];
  /** Threads for one run; default the physical cores. Only onnxruntime-node can choose: the others ignore it. */
  threads?: number;
  /** What the network runs on, default cpu. Only onnxruntime-node has others. */
  device?: DeviceName;
}

/** A network ready to run on one engine. */
export interface CompiledNetwork {
  /**
   * Runs a batch.
   *
   * @param input - Float32Array, batch x 3 x height x width, prepared as the network's `preparation` says
   * @param shape - batch, 3, height, width; may differ from run to run
   * @param wanted - positions among the outputs asked for at compilation; default all
   * @returns the outputs in that order
   * @throws RangeError when the input is smaller than the network allows or does not fit its shape
   */
  run(
    input: Float32Array,
    shape: readonly [number, number, number, number],
    wanted?: readonly number[],
  ): Promise<Output[]>;
  /** Gives the memory back; the network cannot run any more. */
  dispose(): void;
}

/** Rows that a matrix back end holds, to be multiplied with any number of queries. */
export interface LoadedRows {
  /** Number of rows. */
  readonly n: number;
  /** Numbers in a row. */
  readonly d: number;
  /**
   * The inner products of queries with the rows, float32.
   *
   * @param queries - Float32Array, m x d row-major
   * @param m - number of queries
   * @param out - Float32Array of at least m x n, which an engine that can do so writes to and returns a part of
   * @returns Float32Array, m x n row-major; valid until the next call on these rows, which may use the same memory
   */
  products(queries: Float32Array, m: number, out?: Float32Array): Promise<Float32Array>;
  /** Gives the memory back. */
  dispose(): void;
}

/** Multiplies blocks of rows for the exact neighbour search. */
export interface MatrixBackend {
  /** Name of the engine that multiplies, or "javascript". */
  readonly name: string;
  /**
   * Takes rows into the engine's memory.
   *
   * @param rows - Float32Array, n x d row-major; must not change until `dispose`
   * @param n - number of rows
   * @param d - numbers in a row
   * @returns the rows, to be disposed of
   */
  loadRows(rows: Float32Array, n: number, d: number): LoadedRows;
  /**
   * Multiplies 8-bit integers, where the engine does that exactly.
   *
   * @returns the multiplier; undefined, like the absent method, where there is none
   * @internal
   */
  bytes?(): Promise<ByteMatrix | undefined>;
  /**
   * The same for one of several threads that multiply at once, where the engine allows that.
   *
   * @returns the back end
   */
  onOneThread?(): MatrixBackend;
}

/** Rows of 8-bit integers that an engine holds. */
export interface LoadedByteRows {
  /**
   * The exact inner products of queries with the rows.
   *
   * @param queries - Uint8Array, m x d row-major: each value plus 128
   * @param m - number of queries
   * @param out - Int32Array of m x n, receives the products, row-major
   */
  products(queries: Uint8Array, m: number, out: Int32Array): Promise<void>;
  /** Gives the memory back. */
  dispose(): void;
}

/** Multiplies blocks of rows of 8-bit integers, exactly. */
export interface ByteMatrix {
  /** Largest magnitude of the rows' values for which products are exact, at most 127. */
  readonly most: number;
  /**
   * Takes rows into the engine's memory.
   *
   * @param columns - Int8Array, d x n row-major: the rows as columns, values from -`most` to `most`; copied
   * @param n - number of rows
   * @param d - numbers in a row, at most 65,536
   * @returns the rows, to be disposed of
   */
  loadColumns(columns: Int8Array, n: number, d: number): Promise<LoadedByteRows>;
}

/** Something that runs networks: one interface, three back ends. */
export interface Engine {
  /** Name of the engine. */
  readonly name: EngineName;
  /** Version of the engine and what is below it. */
  readonly version: string;
  /** Multiplies matrices on this engine. */
  readonly matrix: MatrixBackend;
  /**
   * Prepares a network for running.
   *
   * @param network - the network
   * @param weights - its parameters, from `loadWeights` or `bindWeights`
   * @param options - layers wanted and threads
   * @returns the network, to be disposed of
   * @throws RangeError when a layer is unknown
   * @throws RangeError when the device cannot be used, saying why
   */
  compile(network: Network, weights: Weights, options?: CompileOptions): Promise<CompiledNetwork>;
}

/**
 * Checks the options of a compilation and fills in the defaults.
 *
 * @param network - the network
 * @param options - the options as received
 * @returns outputs with the layers' own names beside the names asked for, number of threads and device
 * @throws RangeError when a layer is unknown or no output is asked for
 */
export function compileOptions(
  network: Network,
  options: CompileOptions,
): { outputs: (OutputRequest & { own: string })[]; threads: number | undefined; device: DeviceName } {
  checkOptions("compile", options, ["outputs", "threads", "device"]);
  const requests = options.outputs ?? [{ layer: network.featureLayer, pooled: true }];
  if (requests.length === 0) throw new RangeError("compile: outputs must name at least one layer; got none");
  const outputs = requests.map((request) => ({ ...request, own: layerNamed(network, request.layer).name }));
  const { threads } = options;
  if (threads !== undefined) integerIn("threads", threads, 1, 1024);
  return { outputs, threads, device: oneOf("device", options.device ?? "cpu", deviceNames) };
}

/**
 * Requires the processor, for engines that have nothing else.
 *
 * @param engine - name of the engine
 * @param device - the device asked for
 * @throws RangeError when it is not cpu
 */
export function requireCpu(engine: EngineName, device: DeviceName): void {
  if (device === "cpu") return;
  throw new RangeError(
    `the engine ${engine} runs on cpu only; got ${device}: take the engine onnxruntime-node for it`,
  );
}

/**
 * A compiled network that checks its input and can be disposed of once or more.
 *
 * @param network - the network
 * @param run - computes the outputs of a checked batch
 * @param release - gives the memory back
 * @returns the compiled network
 */
export function compiledNetwork(
  network: Network,
  run: CompiledNetwork["run"],
  release: () => void,
): CompiledNetwork {
  let disposed = false;
  return {
    async run(input, shape, wanted) {
      if (disposed)
        throw new Error(`${network.name} must not be disposed of before it runs; compile it again`);
      checkInput(network, input, shape);
      return run(input, shape, wanted);
    },
    dispose() {
      if (!disposed) release();
      disposed = true;
    },
  };
}

function checkInput(network: Network, input: Float32Array, shape: readonly number[]): void {
  const [n, channels, height, width] = shape;
  if (shape.length !== 4 || channels !== 3 || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `the input's shape must be batch x 3 x height x width, all at least 1; got ${shape.join(" x ")}`,
    );
  }
  if (Math.min(height, width) < network.minSize) {
    throw new RangeError(
      `the input of ${network.name} must be at least ${network.minSize} x ${network.minSize} pixels; got ${width} x ${height}, so resize the images first`,
    );
  }
  if (input.length !== n * channels * height * width) {
    throw new RangeError(
      `an input of ${shape.join(" x ")} must have ${n * channels * height * width} numbers; got ${input.length}`,
    );
  }
}

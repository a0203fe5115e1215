/** Squared distances of pairs of rows, in WebAssembly with two float64 lanes. */
export interface DirectKernel {
  /** Float32Array, capacity x stride row-major: the queries. */
  readonly queries: Float32Array;
  /** Float32Array, stride: the other row of each pair. */
  readonly row: Float32Array;
  /** Numbers from the start of one query to the next, a multiple of 4; those past d stay zero. */
  readonly stride: number;
  /**
   * @param query - position among the queries
   * @returns the squared distance between that query and the row
   */
  distance(query: number): number;
}

/** The part of WebAssembly that is used: declared here, as Node's types leave it out. */
interface Wasm {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: ArrayBuffer) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}

const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm };

/**
 * Makes a kernel with memory of its own. Its distances have the same bits as those of `squaredDistance`.
 *
 * @param d - length of the rows
 * @param capacity - how many queries it holds
 * @returns the kernel
 */
export function directKernel(d: number, capacity: number): DirectKernel {
  const stride = Math.ceil(d / 4) * 4;
  const memory = new wasm.Memory({ initial: Math.ceil(((capacity + 1) * stride * 4) / 65536) });
  module ??= new wasm.Module(moduleBytes());
  const { exports } = new wasm.Instance(module, { e: { m: memory } });
  const compute = exports.f as (query: number, row: number, rowEnd: number) => number;
  const rowBytes = stride * 4;
  return {
    queries: new Float32Array(memory.buffer, rowBytes, capacity * stride),
    row: new Float32Array(memory.buffer, 0, stride),
    stride,
    distance: (query) => compute((query + 1) * rowBytes, 0, rowBytes),
  };
}

let module: object | undefined;

const [i32, f64, v128] = [0x7f, 0x7c, 0x7b];
const [block, loop, end, brIf, br, empty] = [0x02, 0x03, 0x0b, 0x0d, 0x0c, 0x40];
const [add, geU, addF64Scalar] = [0x6a, 0x4f, 0xa0];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const simd = (code: number) => (code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7]);
const loadTwo = (local: number, offset: number) => [...get(local), ...simd(0x5d), 2, offset, ...simd(0x5f)];
const [addF64, subF64, mulF64] = [0xf0, 0xf1, 0xf2].map(simd);
const lane = (local: number, place: number) => [...get(local), ...simd(0x21), place];

/**
 * f(query, row, rowEnd): four places a step; locals 3 and 4 hold the sums of places 0, 1 and 2, 3 modulo 4, local 5 a
 * difference. `loadTwo` reads two float32 and widens them to float64.
 */
function moduleBytes(): ArrayBuffer {
  const half = (offset: number, sum: number) => [
    ...[...loadTwo(0, offset), ...loadTwo(1, offset), ...subF64, ...tee(5)],
    ...[...get(5), ...mulF64, ...get(sum), ...addF64, ...set(sum)],
  ];
  const advance = (local: number) => [...get(local), 0x41, 16, add, ...set(local)];
  const body = [
    ...[block, empty, loop, empty, ...get(1), ...get(2), geU, brIf, 1],
    ...[...half(0, 3), ...half(8, 4), ...advance(0), ...advance(1), br, 0, end, end],
    ...[
      ...lane(3, 0),
      ...lane(3, 1),
      addF64Scalar,
      ...lane(4, 0),
      ...lane(4, 1),
      addF64Scalar,
      addF64Scalar,
      end,
    ],
  ];
  const code = [1, 3, v128, ...body];
  const section = (id: number, bytes: readonly number[]) => [id, ...leb(bytes.length), ...bytes];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, i32, i32, i32, 1, f64]),
    ...section(2, [1, 1, 0x65, 1, 0x6d, 2, 0, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]).buffer as ArrayBuffer;
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}

/** The part of WebAssembly that is used: declared here, as Node's types leave it out. */
interface Wasm {
  readonly Memory: {
    new (size: { initial: number }): { readonly buffer: ArrayBuffer };
    new (size: { initial: number; maximum: number; shared: true }): SharedMemory;
  };
  readonly Module: new (bytes: ArrayBuffer) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}

/** Memory that instances in several threads can share. */
export interface SharedMemory {
  /** Its bytes. */
  readonly buffer: SharedArrayBuffer;
}

const pageBytes = 65536;

/**
 * @param bytes - how much memory, all zero
 * @returns memory that several threads can share
 */
export function sharedMemory(bytes: number): SharedMemory {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  return new wasm.Memory({ initial: pages, maximum: pages, shared: true });
}

const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm };

/** Type of a parameter, result or local. */
export type WasmType = "i32" | "f32" | "f64" | "v128";

const types: Record<WasmType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Instructions as bytes; a part of a function's body. */
export type Code = readonly number[];

/** A function of a module. */
export interface WasmFunction {
  /** Parameters: the first locals. */
  readonly parameters: readonly WasmType[];
  /** Its result, or none. */
  readonly result?: WasmType;
  /** Locals after the parameters; they start as zero. */
  readonly locals: readonly WasmType[];
  /** Instructions, leaving the result on the stack. */
  readonly body: Code;
}

/**
 * Makes an instance of one function with memory of its own.
 *
 * @param program - the function
 * @param bytes - how much memory it has, all zero
 * @returns the memory, and the function
 */
export function instantiate<F>(program: WasmFunction, bytes: number): { memory: ArrayBuffer; run: F } {
  const { memory, run } = instantiateAll<F>([program], bytes);
  return { memory, run: run[0] };
}

/**
 * Makes instances of functions with memory of their own, which they share.
 *
 * @param programs - the functions
 * @param bytes - how much memory they have, all zero
 * @returns the memory, and the functions
 */
export function instantiateAll<F>(
  programs: readonly WasmFunction[],
  bytes: number,
): { memory: ArrayBuffer; run: F[] } {
  const memory = new wasm.Memory({ initial: Math.ceil(bytes / pageBytes) });
  return {
    memory: memory.buffer,
    run: programs.map((program) => instance(modules, program, [0, 1], memory)),
  };
}

/**
 * Makes an instance of one function that works on memory which several threads share.
 *
 * @param program - the function
 * @param memory - the memory
 * @returns the function
 */
export function instantiateOn<F>(program: WasmFunction, memory: SharedMemory): F {
  return instance(sharingModules, program, [3, 1, ...unsigned(pageBytes)], memory);
}

const modules = new Map<WasmFunction, object>();
const sharingModules = new Map<WasmFunction, object>();

function instance<F>(
  made: Map<WasmFunction, object>,
  program: WasmFunction,
  limits: Code,
  memory: { readonly buffer: ArrayBuffer | SharedArrayBuffer },
): F {
  let module = made.get(program);
  if (!module) {
    module = new wasm.Module(moduleBytes(program, limits));
    made.set(program, module);
  }
  return new wasm.Instance(module, { e: { m: memory } }).exports.f as F;
}

function moduleBytes({ parameters, result, locals, body }: WasmFunction, limits: Code): ArrayBuffer {
  const section = (id: number, bytes: Code) => [id, ...unsigned(bytes.length), ...bytes];
  const results = result ? [1, types[result]] : [0];
  const code = [locals.length, ...locals.flatMap((type) => [1, types[type]]), ...body, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters.map((type) => types[type]), ...results]),
    ...section(2, [1, 1, 0x65, 1, 0x6d, 2, ...limits]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]).buffer as ArrayBuffer;
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const done = value >= -64 && value < 64;
  return done ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

const simd = (code: number) => [0xfd, ...unsigned(code)];

/** Pushes a local. */
export const get = (local: number): Code => [0x20, local];
/** Pops into a local. */
export const set = (local: number): Code => [0x21, local];
/** Copies the top of the stack into a local. */
export const tee = (local: number): Code => [0x22, local];
/** Pushes an i32. */
export const integer = (value: number): Code => [0x41, ...signed(value)];
/** A v128 instruction that reads or writes memory at the address on the stack plus an offset. */
const memory = (code: number) => (offset: number) => [...simd(code), 0, ...unsigned(offset)];
/** A v128 instruction with the number of a lane. */
const lane = (code: number) => (place: number) => [...simd(code), place];

/** Repeats some code until a condition, which it pushes as i32 at its beginning, is not zero. */
export const until = (condition: Code, code: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40, ...condition, 0x0d, 1],
  ...[...code, 0x0c, 0, 0x0b, 0x0b],
];

/** Runs some code if the i32 on the stack is not zero. */
export const when = (code: Code): Code => [0x04, 0x40, ...code, 0x0b];

/** Adds a constant to a local i32. */
export const advance = (local: number, by: number): Code => [
  ...get(local),
  ...integer(by),
  ...i32.add,
  ...set(local),
];

/** Instructions on i32. */
export const i32 = {
  constant: integer,
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  or: [0x72],
  xor: [0x73],
  shiftLeft: [0x74],
  shiftSigned: [0x75],
  shiftRight: [0x76],
  trailingZeros: [0x68],
  isZero: [0x45],
  atLeast: [0x4f],
  atLeastSigned: [0x4e],
  load: (offset: number): Code => [0x28, 2, ...unsigned(offset)],
  store: [0x36, 2, 0],
};

/** Instructions on eight 16-bit integers. */
export const i16x8 = {
  shiftRight: simd(0x8c),
  add: simd(0x8e),
  sub: simd(0x91),
  mul: simd(0x95),
};

/** Instructions on four 32-bit integers. */
export const i32x4 = {
  splat: simd(0x11),
  shiftRight: simd(0xac),
  add: simd(0xae),
  sub: simd(0xb1),
  /** Sums of the products of two neighbours each, of 16-bit integers. */
  dot: simd(0xba),
  /** Products of the first, or the last, four 16-bit integers. */
  multiplyLow: simd(0xbc),
  multiplyHigh: simd(0xbd),
};

/**
 * Pushes a vector.
 *
 * @param type - its numbers
 * @param values - repeated until the vector is full
 * @returns the instruction
 */
export function vector(type: "i16" | "i32", ...values: readonly number[]): Code {
  const list = type === "i16" ? new Int16Array(8) : new Int32Array(4);
  for (let i = 0; i < list.length; i++) list[i] = values[i % values.length];
  return [...simd(0x0c), ...new Uint8Array(list.buffer)];
}

/**
 * Takes bytes of two vectors.
 *
 * @param places - 16 positions: 0 to 15 in the first vector, 16 to 31 in the second
 * @returns the instruction
 */
export function shuffle(places: readonly number[]): Code {
  return [...simd(0x0d), ...places];
}

/** Instructions on f64. */
export const f64 = { add: [0xa0], store: [0x39, 3, 0], ofFloat: [0xbb] };

/** Instructions on f32. */
export const f32 = { add: [0x92], ofBits: [0xbe] };

/** Instructions on four float32. */
export const f32x4 = {
  splat: simd(0x13),
  greater: simd(0x44),
  atMost: simd(0x45),
  nearest: simd(0x6a),
  abs: simd(0xe0),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  /** The lesser of two each, several times as fast as the instruction min: for numbers without NaN. */
  lesser: simd(0xea),
  /** The greater, likewise. */
  larger: simd(0xeb),
  lane: lane(0x1f),
  fromIntegers: simd(0xfa),
};

/** Instructions on two float64. */
export const f64x2 = {
  widenLow: simd(0x5f),
  add: simd(0xf0),
  sub: simd(0xf1),
  mul: simd(0xf2),
  lane: lane(0x21),
};

/** Instructions on vectors of integers. */
export const integers = {
  fromFourFloats: simd(0xf8),
  narrowTo16: simd(0x85),
  narrowTo8: simd(0x65),
  /** Limits 16-bit integers to 0 to 255. */
  narrowToBytes: simd(0x66),
  allTrue: simd(0xa3),
  signs: simd(0xa4),
  lane: lane(0x1b),
};

/** Instructions on whole vectors. */
export const v128 = {
  load: memory(0x00),
  /** Reads eight bytes as 16-bit integers from 0 to 255. */
  load8: memory(0x02),
  loadLow: memory(0x5d),
  store: memory(0x0b),
  xor: simd(0x51),
};

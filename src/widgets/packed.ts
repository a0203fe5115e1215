const kinds = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const;

type Kind = keyof typeof kinds;
type Typed = InstanceType<(typeof kinds)[Kind]>;

const mark = "$typed";
const piece = 0x8000;

/** A typed array inside packed JSON: its bytes stand in the list of buffers, or beside it as base64. */
interface PackedArray {
  readonly [mark]: Kind;
  readonly buffer?: number;
  readonly base64?: string;
}

/** JSON and the bytes of the typed arrays that were in it. */
export interface Packed {
  /** JSON in which a small object stands for each typed array. */
  readonly tree: unknown;
  /** Bytes of the typed arrays. */
  readonly buffers: Uint8Array[];
}

/**
 * Takes the typed arrays out of a value, without copying them.
 *
 * @param value - JSON in which typed arrays may stand
 * @returns JSON and bytes
 */
export function pack(value: unknown): Packed {
  const buffers: Uint8Array[] = [];
  const tree = walk(value, (array, kind) => ({ [mark]: kind, buffer: buffers.push(bytesOf(array)) - 1 }));
  return { tree, buffers };
}

/**
 * Writes typed arrays as base64, for a notebook file: whole numbers in the smallest form that holds them.
 *
 * @param value - JSON in which typed arrays may stand
 * @returns JSON
 */
export function packText(value: unknown): unknown {
  return walk(value, (array) => {
    const small = smallest(array);
    return { [mark]: kindOf(small), base64: base64(bytesOf(small)) };
  });
}

/**
 * Undoes `pack` and `packText`.
 *
 * @param tree - packed JSON
 * @param buffers - the bytes, where they stand apart
 * @returns the value
 * @throws TypeError when something is no packed value
 */
export function unpack(tree: unknown, buffers: readonly ArrayBufferView[] = []): unknown {
  if (Array.isArray(tree)) return tree.map((item) => unpack(item, buffers));
  if (typeof tree !== "object" || tree === null) return tree;
  if (!(mark in tree)) {
    return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, unpack(item, buffers)]));
  }
  const { [mark]: kind, buffer, base64: text } = tree as PackedArray;
  const view = buffer === undefined ? undefined : buffers[buffer];
  const bytes = view
    ? new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength).slice()
    : Uint8Array.from(atob(text ?? ""), (c) => c.charCodeAt(0));
  if (!Object.hasOwn(kinds, kind) || bytes.length % kinds[kind].BYTES_PER_ELEMENT !== 0) {
    throw new TypeError(
      `an explorer's data must hold known arrays; got ${String(kind)} of ${bytes.length} bytes`,
    );
  }
  return new kinds[kind](bytes.buffer);
}

/**
 * @param bytes - any bytes
 * @returns their base64 text
 */
export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += piece)
    binary += String.fromCharCode(...bytes.subarray(i, i + piece));
  return btoa(binary);
}

function walk(value: unknown, replace: (array: Typed, kind: Kind) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, replace));
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return replace(value as Typed, kindOf(value as Typed));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, walk(item, replace)]),
  );
}

function kindOf(array: Typed): Kind {
  const kind = array.constructor.name as Kind;
  if (!Object.hasOwn(kinds, kind)) throw new TypeError(`an explorer's data cannot hold a ${kind}`);
  return kind;
}

function bytesOf(array: Typed): Uint8Array {
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}

function smallest(array: Typed): Typed {
  if (!(array instanceof Int32Array || array instanceof Uint32Array)) return array;
  let [low, high] = [0, 0];
  for (const value of array) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low >= 0 && high < 2 ** 8) return Uint8Array.from(array);
  if (low >= 0 && high < 2 ** 16) return Uint16Array.from(array);
  return array;
}

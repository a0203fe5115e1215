/** Instructions of a pickle, written by hand. */
export const pickle = {
  start: Uint8Array.of(0x80, 2),
  stop: Uint8Array.of(0x2e),
  mark: Uint8Array.of(0x28),
  dict: Uint8Array.of(0x7d),
  list: Uint8Array.of(0x5d),
  emptyTuple: Uint8Array.of(0x29),
  tuple: Uint8Array.of(0x74),
  setItem: Uint8Array.of(0x73),
  reduce: Uint8Array.of(0x52),
  persistentId: Uint8Array.of(0x51),
  build: Uint8Array.of(0x62),
  false: Uint8Array.of(0x89),
  global: (module: string, name: string) => new TextEncoder().encode(`c${module}\n${name}\n`),
  text(value: string) {
    const bytes = new TextEncoder().encode(value);
    return Uint8Array.of(0x8c, bytes.length, ...bytes);
  },
  integer(value: number) {
    const bytes = new Uint8Array(10);
    bytes.set([0x8a, 8]);
    new DataView(bytes.buffer).setBigInt64(2, BigInt(value), true);
    return bytes;
  },
};

/**
 * @param parts - instructions
 * @returns them in one
 */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * @param form - what the tensor claims
 * @returns instructions that put a float32 tensor on the stack
 */
export function tensorOf(form: {
  count: number;
  offset?: number;
  shape: readonly number[];
  stride: readonly number[];
  key?: string;
  type?: string;
}): Uint8Array {
  const { count, offset = 0, shape, stride, key = "0", type = "FloatStorage" } = form;
  const { mark, text, integer, tuple, global } = pickle;
  const list = (numbers: readonly number[]) => join(mark, ...numbers.map(integer), tuple);
  return join(
    global("torch._utils", "_rebuild_tensor_v2"),
    mark,
    join(mark, text("storage"), global("torch", type), text(key), text("cpu"), integer(count), tuple),
    pickle.persistentId,
    integer(offset),
    list(shape),
    list(stride),
    pickle.false,
    join(global("collections", "OrderedDict"), pickle.emptyTuple, pickle.reduce),
    tuple,
    pickle.reduce,
  );
}

/**
 * @param value - instructions that put a value on the stack
 * @returns a pickle of a dictionary that has the value under "weight"
 */
export function dictionaryWith(value: Uint8Array): Uint8Array {
  return join(pickle.start, pickle.dict, pickle.text("weight"), value, pickle.setItem, pickle.stop);
}

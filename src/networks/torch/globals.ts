import { type Fail, shown } from "../../core/zip.js";
import { type Storage, storageTypes, type TensorView } from "./storage.js";

/** A name that a pickle may mention: one of a fixed list, never looked up anywhere. */
export type Global =
  | { readonly kind: "ordered-dict" }
  | { readonly kind: "tensor" }
  | { readonly kind: "parameter" }
  | { readonly kind: "storage-type"; readonly name: string };

/** A dictionary that torch saves as `collections.OrderedDict`. */
export class OrderedDict {
  /** Values by key, in the order saved. */
  readonly items = new Map<unknown, unknown>();
}

/** A window on a storage, as a pickle describes it. */
export class PickledTensor {
  /** @param view - where the numbers are */
  constructor(readonly view: TensorView) {}
}

class PickledStorage {
  constructor(readonly storage: Storage) {}
}

const globals: ReadonlyMap<string, Global> = new Map<string, Global>([
  ["collections.OrderedDict", { kind: "ordered-dict" }],
  ["torch._utils._rebuild_tensor", { kind: "tensor" }],
  ["torch._utils._rebuild_tensor_v2", { kind: "tensor" }],
  ["torch._utils._rebuild_parameter", { kind: "parameter" }],
  ...Object.keys(storageTypes).map((name): [string, Global] => [
    `torch.${name}`,
    { kind: "storage-type", name },
  ]),
]);
const known = new Set<unknown>(globals.values());

/**
 * @param name - module and name, joined with a dot
 * @param fail - makes the error
 * @returns the global of that name on the fixed list
 * @throws what `fail` makes for any other name
 */
export function globalNamed(name: string, fail: Fail): Global {
  const found = globals.get(name);
  if (found) return found;
  throw fail(
    `a checkpoint must build tensors only; its pickle asks for ${shown(name)}, which is refused and was not run: save the model's state_dict() in Python`,
  );
}

/**
 * Carries out a call that a pickle asks for.
 *
 * @param target - what to call
 * @param args - with what, a list
 * @param fail - makes the error
 * @returns an `OrderedDict` or a `PickledTensor`
 * @throws what `fail` makes when it is no call of torch's own
 */
export function callGlobal(target: unknown, args: unknown, fail: Fail): unknown {
  const odd = () => fail("its pickle calls something in a way that torch.save never does; it is refused");
  if (!known.has(target) || !Array.isArray(args)) throw odd();
  switch ((target as Global).kind) {
    case "ordered-dict":
      if (args.length > 0) throw odd();
      return new OrderedDict();
    case "parameter":
      if (!(args[0] instanceof PickledTensor)) throw odd();
      return args[0];
    case "tensor": {
      const [storage, offset, shape, stride] = args;
      if (!(storage instanceof PickledStorage) || !isCount(offset) || !isCounts(shape) || !isCounts(stride)) {
        throw odd();
      }
      if (shape.length !== stride.length) throw odd();
      return new PickledTensor({ storage: storage.storage, offset, shape: [...shape], stride: [...stride] });
    }
    case "storage-type":
      throw odd();
  }
}

/**
 * The storage that a persistent id names: ("storage", type, key, device, count).
 *
 * @param id - the id
 * @param fail - makes the error
 * @returns the storage, without its numbers
 * @throws what `fail` makes when it is anything else
 */
export function persistentLoad(id: unknown, fail: Fail): unknown {
  if (Array.isArray(id)) {
    const [kind, type, key, , count] = id;
    if (kind === "storage" && known.has(type) && typeof key === "string" && isCount(count)) {
      const global = type as Global;
      // Files of the old form name a window on the storage in a sixth place.
      if (global.kind === "storage-type" && (id.length === 5 || (id.length === 6 && id[5] === null))) {
        return new PickledStorage({ key, dtype: storageTypes[global.name], count });
      }
    }
  }
  throw fail("its pickle refers to something that is no storage of numbers; it is refused");
}

/**
 * Takes the attributes of an object, which only the dictionary of a model has; they hold its layers' versions.
 *
 * @param target - the object
 * @param state - its attributes
 * @param fail - makes the error
 * @throws what `fail` makes for any other object
 */
export function build(target: unknown, state: unknown, fail: Fail): void {
  if (target instanceof OrderedDict && state instanceof Map) return;
  throw fail("its pickle gives attributes to something else than a dictionary; it is refused");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isCount);
}

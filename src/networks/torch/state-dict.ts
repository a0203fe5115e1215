import type { Fail } from "../../core/zip.js";
import { OrderedDict, PickledTensor } from "./globals.js";
import type { TensorView } from "./storage.js";

/** Keys under which training programs keep a model's parameters beside other things. */
const wrappers = ["state_dict", "model_state_dict", "model", "network", "net", "teacher", "student"];

/**
 * The parameters in what a checkpoint holds: a dictionary of tensors, or one inside a dictionary of a training program.
 *
 * @param value - content of the checkpoint's pickle
 * @param fail - makes the error
 * @returns tensors by name
 * @throws what `fail` makes when there are none
 */
export function stateDict(value: unknown, fail: Fail): Map<string, TensorView> {
  const outer = itemsOf(value);
  const candidates = [outer, ...wrappers.map((key) => itemsOf(outer?.get(key)))];
  for (const items of candidates) {
    const views = new Map<string, TensorView>();
    for (const [name, item] of items ?? []) {
      if (typeof name === "string" && item instanceof PickledTensor) views.set(name, item.view);
    }
    if (views.size > 0) return views;
  }
  throw fail(
    `a checkpoint must hold a dictionary of tensors, by itself or under one of ${wrappers.join(", ")}; save the model's state_dict() in Python`,
  );
}

function itemsOf(value: unknown): Map<unknown, unknown> | undefined {
  if (value instanceof OrderedDict) return value.items;
  return value instanceof Map ? value : undefined;
}

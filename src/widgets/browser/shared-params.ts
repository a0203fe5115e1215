type Value = number | string;

/** Values of Params in a page: explorers with the same one move together. */
export interface SharedParams {
  /**
   * @param id - identifier of a Param
   * @returns its value; undefined when no explorer has set it yet
   */
  get(id: string): Value | undefined;
  /**
   * @param id - identifier of a Param
   * @param value - its new value
   */
  set(id: string, value: Value): void;
  /**
   * @param id - identifier of a Param
   * @param listener - called at every change
   * @returns a function that ends it
   */
  listen(id: string, listener: () => void): () => void;
}

/** @returns values that no explorer has set yet */
export function createSharedParams(): SharedParams {
  const values = new Map<string, Value>();
  const listeners = new Map<string, Set<() => void>>();
  return {
    get: (id) => values.get(id),
    set(id, value) {
      if (values.get(id) === value) return;
      values.set(id, value);
      for (const listener of [...(listeners.get(id) ?? [])]) listener();
    },
    listen(id, listener) {
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(id);
      };
    },
  };
}

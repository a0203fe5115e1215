/**
 * Shared with the socket thread: above 0 while the main thread does what must not be terminated.
 */
export const criticalWork = new Int32Array(new SharedArrayBuffer(4));

/**
 * Does work that must not be terminated by an interrupt: a type checker that was left half-way would be useless.
 *
 * @param work - synchronous work that ends by itself, never code of a cell
 * @returns its result
 */
export function critical<T>(work: () => T): T {
  Atomics.add(criticalWork, 0, 1);
  try {
    return work();
  } finally {
    Atomics.sub(criticalWork, 0, 1);
  }
}

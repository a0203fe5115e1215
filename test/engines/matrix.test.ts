import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { engineNames, loadEngine, loadMatrixBackend } from "../../src/engines/index.js";

async function backend(name: string) {
  return name === "javascript" ? loadMatrixBackend(1) : (await loadEngine(name)).matrix;
}

describe.each(["javascript", ...engineNames])("%s", (name) => {
  test("a case by hand, more than one block of queries", async () => {
    const matrix = await backend(name);
    expect(matrix.name).toBe(name);
    const rows = matrix.loadRows(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2);
    expect([rows.n, rows.d]).toEqual([3, 2]);
    expect([...(await rows.products(Float32Array.of(1, 0, 0, 1), 2))]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([...(await rows.products(Float32Array.of(10, 1), 1))]).toEqual([12, 34, 56]);
    rows.dispose();
  });

  test("any sizes, within float32 rounding of double precision", async () => {
    const matrix = await backend(name);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(),
        async (n, m, d, seed) => {
          const random = new Random(seed);
          const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
          const [rows, queries] = [draw(n * d + 5), draw(m * d + 5)];
          const loaded = matrix.loadRows(rows, n, d);
          const products = await loaded.products(queries, m);
          expect(products.length).toBe(m * n);
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              let sum = 0;
              for (let k = 0; k < d; k++) sum += queries[i * d + k] * rows[j * d + k];
              expect(Math.abs(products[i * n + j] - sum)).toBeLessThan(1e-4);
            }
          }
          loaded.dispose();
        },
      ),
      { numRuns: 30 },
    );
  });
});

test("the back end is chosen by the size of the search", async () => {
  expect((await loadMatrixBackend(1e6)).name).toBe("javascript");
  expect((await loadMatrixBackend(1e9)).name).not.toBe("javascript");
  expect((await loadMatrixBackend()).name).not.toBe("javascript");
});

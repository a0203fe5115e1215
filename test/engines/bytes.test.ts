import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { loadEngine } from "../../src/engines/index.js";

describe("8-bit products", () => {
  test("are exact for any sizes, the largest values included", async () => {
    const bytes = await (await loadEngine("onnxruntime-node")).matrix.bytes?.();
    if (!bytes) throw new Error("onnxruntime-node must multiply 8-bit integers exactly here");
    expect([63, 127]).toContain(bytes.most);
    const sizes = fc.record({
      n: fc.integer({ min: 1, max: 70 }),
      m: fc.integer({ min: 1, max: 20 }),
      d: fc.integer({ min: 1, max: 400 }),
      seed: fc.nat(),
      extreme: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ n, m, d, seed, extreme }) => {
        const random = new Random(seed);
        const value = (most: number) =>
          extreme ? (random.integer(4) === 0 ? -most : most) : random.integer(2 * most + 1) - most;
        const rows = Int8Array.from({ length: n * d }, () => value(bytes.most));
        const queries = Uint8Array.from({ length: m * d }, () => value(127) + 128);
        const loaded = await bytes.loadRows(rows, n, d);
        const out = new Int32Array(m * n);
        await loaded.products(queries, m, out);
        loaded.dispose();
        const expected = out.map((_, at) => {
          const [q, r] = [Math.floor(at / n) * d, (at % n) * d];
          let sum = 0;
          for (let j = 0; j < d; j++) sum += (queries[q + j] - 128) * rows[r + j];
          return sum;
        });
        expect(out).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

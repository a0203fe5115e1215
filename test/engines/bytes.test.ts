import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { loadEngine } from "../../src/engines/index.js";
import { javascriptBytes } from "../../src/engines/javascript-bytes.js";

describe("8-bit products", () => {
  test("are exact for any sizes, the largest values included", async () => {
    const fast = await (await loadEngine("onnxruntime-node")).matrix.bytes?.();
    if (!fast) throw new Error("onnxruntime-node must multiply 8-bit integers exactly here");
    expect([63, 127]).toContain(fast.most);
    const sizes = fc.record({
      n: fc.integer({ min: 1, max: 70 }),
      m: fc.integer({ min: 1, max: 20 }),
      d: fc.integer({ min: 1, max: 400 }),
      seed: fc.nat(),
      extreme: fc.boolean(),
      bytes: fc.constantFrom(fast, javascriptBytes),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ n, m, d, seed, extreme, bytes }) => {
        const random = new Random(seed);
        const value = (most: number) =>
          extreme ? (random.integer(4) === 0 ? -most : most) : random.integer(2 * most + 1) - most;
        const columns = Int8Array.from({ length: n * d }, () => value(bytes.most));
        const queries = Uint8Array.from({ length: m * d }, () => value(127) + 128);
        const loaded = await bytes.loadColumns(columns, n, d);
        const out = new Int32Array(m * n);
        await loaded.products(queries, m, out);
        loaded.dispose();
        const expected = out.map((_, at) => {
          const [q, row] = [Math.floor(at / n) * d, at % n];
          let sum = 0;
          for (let j = 0; j < d; j++) sum += (queries[q + j] - 128) * columns[j * n + row];
          return sum;
        });
        expect(out).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

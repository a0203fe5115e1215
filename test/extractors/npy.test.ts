import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { npyHeader, readNpy, writeNpy } from "../../src/extractors/npy.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dn2-npy-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(header: string, values: Uint8Array, version = 1): Promise<string> {
  const path = join(folder, "made.npy");
  const length = version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, 0, 0, 0];
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), version, 0, ...length]);
  await writeFile(path, Buffer.concat([start, Buffer.from(header, "latin1"), values]));
  return path;
}

describe("npy files", () => {
  it("come back as they were written, and nothing else stays in the folder", async () => {
    const path = join(folder, "x.npy");
    const values = fc.float({ noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(values, values, values), { maxLength: 20 }), async (rows) => {
        for (const Type of [Float32Array, Float64Array, Int32Array]) {
          const array = { shape: [rows.length, 3], data: Type.from(rows.flat()) };
          await writeNpy(path, array);
          expect(await readNpy(path)).toEqual(array);
        }
      }),
      { numRuns: 10 },
    );
    expect(await readdir(folder)).toEqual(["x.npy"]);
  });

  it("have the header NumPy writes", () => {
    const bytes = npyHeader("<f4", [2]);
    expect(bytes.length % 64).toBe(0);
    expect(Buffer.from(bytes).toString("latin1")).toMatch(
      /^\x93NUMPY\x01\x00\x76\x00\{'descr': '<f4', 'fortran_order': False, 'shape': \(2,\), \} *\n$/,
    );
  });

  it("are read in versions 1 and 2 and as scalars", async () => {
    const one = new Uint8Array(Int32Array.of(7).buffer);
    const header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }\n";
    for (const version of [1, 2]) {
      expect(await readNpy(await fileOf(header, one, version))).toEqual({
        shape: [1],
        data: Int32Array.of(7),
      });
    }
    expect((await readNpy(await fileOf(header.replace("(1,)", "()"), one))).shape).toEqual([]);
  });

  it("are refused with a sentence when they are not what they should be", async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
    const values = new Uint8Array(16);
    const refused = async (path: string, reason: string) => {
      await expect(readNpy(path)).rejects.toThrow(DataError);
      await expect(readNpy(path)).rejects.toThrow(reason);
    };
    await refused(await fileOf(header, values.subarray(4)), "for its shape (2, 2); it has");
    await refused(await fileOf(header.replace("(2, 2)", "(99999999999, 2)"), values), "must have");
    await refused(await fileOf(header.replace("False", "True"), values), "is in Fortran order");
    await refused(await fileOf(header.replace("<f4", ">f4"), values), "holds >f4");
    await refused(await fileOf("{'shape': (2,)}", values), "header that cannot be read");
    await refused(await fileOf(header, values, 9), "format version 9");
    await writeFile(join(folder, "text.npy"), "not an array at all");
    await refused(join(folder, "text.npy"), "does not start like a .npy file");
    await writeFile(join(folder, "text.npy"), "");
    await refused(join(folder, "text.npy"), "does not start like a .npy file");
    await refused(join(folder, "none.npy"), "none.npy cannot be opened");
  });

  it("leave an earlier file untouched when writing fails", async () => {
    const path = join(folder, "kept.npy");
    await writeNpy(path, { shape: [1], data: Int32Array.of(1) });
    const before = await readFile(path);
    await expect(writeNpy(path, { shape: [3], data: Int32Array.of(1) })).rejects.toThrow(
      "needs 3 values; got 1",
    );
    expect(await readFile(path)).toEqual(before);
    await expect(writeNpy(join(path, "x.npy"), { shape: [0], data: new Int32Array(0) })).rejects.toThrow();
  });
});

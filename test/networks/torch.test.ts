import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { readCheckpoint, readSafetensors } from "../../src/networks/index.js";
import { readNpz } from "../helpers/npy.js";

const golden = join(import.meta.dirname, "../golden/networks");
const checkpoints = join(golden, "checkpoints");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dn2-torch-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a model's parameters are the same from torch.save and from safetensors", async () => {
  const torch = await readCheckpoint(join(checkpoints, "small.pth"));
  const safetensors = await readSafetensors(join(golden, "small.safetensors"));
  expect(torch.hash).toMatch(/^[0-9a-f]{64}$/);
  expect([...torch.tensors.keys()]).toEqual([...safetensors.tensors.keys()]);
  for (const [name, { shape, data }] of safetensors.tensors) {
    expect(torch.tensors.get(name)?.shape).toEqual(shape);
    expect(torch.tensors.get(name)?.data).toEqual(data);
  }
});

test.each(["kinds.pth", "kinds-protocol-4.pth", "kinds-legacy.pth"])(
  "every number type, and tensors that are transposed, sliced, repeated or share numbers: %s",
  async (file) => {
    const wanted = readNpz(join(checkpoints, "kinds.npz"));
    const { tensors } = await readCheckpoint(join(checkpoints, file));
    expect([...tensors.keys()]).toEqual([...wanted.keys()]);
    for (const [name, { shape, data }] of wanted) {
      expect(tensors.get(name)?.shape, name).toEqual(shape);
      expect(tensors.get(name)?.data, name).toEqual(data);
    }
  },
);

test("contiguous float32 tensors are not copied", async () => {
  const { tensors } = await readCheckpoint(join(checkpoints, "kinds.pth"));
  expect(tensors.get("float32")?.data.buffer).toBe(tensors.get("shared")?.data.buffer);
});

test("a training program's checkpoint gives the parameters of its model", async () => {
  const { tensors } = await readCheckpoint(join(checkpoints, "training.pth"));
  expect([...tensors.keys()]).toContain("module.1.running_var");
  expect(tensors.get("module.0.weight")?.shape).toEqual([2, 1, 3, 3]);
});

test("what torch.save wrote of other things is refused by name and not run", async () => {
  const refusal = (file: string) => readCheckpoint(join(checkpoints, file));
  await expect(refusal("hostile.pth")).rejects.toThrow(
    /hostile\.pth: a checkpoint must build tensors only; its pickle asks for "posix\.system", which is refused and was not run/,
  );
  await expect(refusal("module.pth")).rejects.toThrow(/asks for "torch\.nn\.modules\.container\.Sequential"/);
  await expect(refusal("torchscript.pt")).rejects.toThrow(
    /torchscript\.pt: it is a TorchScript program; save the model's state_dict\(\) in Python instead/,
  );
});

test.each(["small.pth", "kinds-legacy.pth"])("%s is refused wherever it is cut off", async (file) => {
  const whole = readFileSync(join(checkpoints, file));
  const path = join(folder, file);
  for (let length = 0; length < whole.length; length += length < 600 ? 7 : 61) {
    writeFileSync(path, whole.subarray(0, length));
    const error = await readCheckpoint(path).catch((reason: unknown) => reason);
    expect(error, `${length} bytes`).toBeInstanceOf(DataError);
    expect((error as Error).message).not.toMatch(/\n/);
  }
});

test("a damaged byte is refused wherever it changes a number", async () => {
  const whole = readFileSync(join(checkpoints, "small.pth"));
  const path = join(folder, "damaged.pth");
  const { tensors } = await readCheckpoint(join(checkpoints, "small.pth"));
  const first = [...tensors.values()][0].data;
  const at = whole.indexOf(new Uint8Array(first.buffer, first.byteOffset, 16));
  whole[at + 5] ^= 1;
  writeFileSync(path, whole);
  await expect(readCheckpoint(path)).rejects.toThrow(
    /damaged\.pth: its part "small\/data\/0" is damaged; fetch or save it again/,
  );
});

test.each([
  ["", "it is empty"],
  ["\x80\x02}q\x00.", "it is a pickle of another kind"],
  ["<!DOCTYPE html>", "it is something else"],
])(
  "a .pth file that torch.save did not write is refused with the way to convert it",
  async (text, reason) => {
    const path = join(folder, "other.pth");
    writeFileSync(path, Buffer.from(text, "latin1"));
    await expect(readCheckpoint(path)).rejects.toThrow(
      `other.pth: a .pth file must be one that torch.save wrote; ${reason}: load it in Python and write it with torch.save(model.state_dict(), path)`,
    );
  },
);

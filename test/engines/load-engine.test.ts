import { beforeEach, expect, test, vi } from "vitest";

const missing = Object.assign(new Error("Cannot find module 'x'\nRequire stack:\n- y"), {
  code: "MODULE_NOT_FOUND",
});
const broken = Object.assign(new Error("libtensorflow.so.2: cannot open shared object file"), {
  code: "ERR_DLOPEN_FAILED",
});

beforeEach(() => vi.resetModules());

async function withoutNatives() {
  vi.doMock("../../src/engines/onnxruntime.js", () => ({ loadOnnxruntime: () => Promise.reject(missing) }));
  vi.doMock("../../src/engines/tfjs-node.js", () => ({
    loadTfjsNode: () => Promise.reject(broken),
    requireTfjsNode: () => undefined,
  }));
  return import("../../src/engines/index.js");
}

async function withAll() {
  vi.doUnmock("../../src/engines/onnxruntime.js");
  vi.doUnmock("../../src/engines/tfjs-node.js");
  return import("../../src/engines/index.js");
}

test("an unknown engine lists the names", async () => {
  const { loadEngine } = await withAll();
  await expect(loadEngine("cuda")).rejects.toThrow(
    "unknown engine: cuda; choose from onnxruntime-node, tfjs-node, tfjs-wasm",
  );
});

test("the best engine that is there is taken, and each is loaded once", async () => {
  const { loadEngine, engineReport } = await withAll();
  const best = (await engineReport()).find(({ available }) => available);
  const engine = await loadEngine();
  expect(engine.name).toBe(best?.name);
  expect(engine.version).toBe(best?.version);
  expect(engine.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(await loadEngine(engine.name)).toBe(engine);
});

test("with the natives missing the work is done on WebAssembly, which is said once", async () => {
  const { loadEngine, loadMatrixBackend, engineReport } = await withoutNatives();
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    expect((await loadEngine()).name).toBe("tfjs-wasm");
    expect((await loadEngine()).name).toBe("tfjs-wasm");
    expect(write.mock.calls).toEqual([[expect.stringMatching(/^only the engine tfjs-wasm works here.*\n$/)]]);
  } finally {
    write.mockRestore();
  }
  expect((await loadMatrixBackend()).name).toBe("tfjs-wasm");
  expect(await engineReport()).toEqual([
    {
      name: "onnxruntime-node",
      available: false,
      reason:
        "its package or its native part is not installed; npm run setup installs it where this system allows",
    },
    {
      name: "tfjs-node",
      available: false,
      reason:
        "libtensorflow.so.2: cannot open shared object file; npm run setup installs it where this system allows",
    },
    { name: "tfjs-wasm", available: true, version: expect.stringMatching(/^4\./) },
  ]);
  await expect(loadEngine("tfjs-node")).rejects.toThrow(
    "the engine tfjs-node does not work here: libtensorflow.so.2: cannot open shared object file",
  );
});

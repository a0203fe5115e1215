import { afterEach, beforeEach, expect, it } from "vitest";
import { Gate } from "../helpers/gate.js";
import { contentsOf, isIdle, KernelClient, parentId, streamText } from "../helpers/kernel-client.js";

let kernel: KernelClient;

beforeEach(async () => {
  kernel = await KernelClient.start();
  await kernel.execute(`
    const seen: number[] = [];
    (globalThis as any)[Symbol.for("dn2.kernel")].registerTarget("slider", (comm: any) => {
      comm.onMessage = ({ state }: any) => {
        seen.push(state.k);
        comm.send({ method: "update", state: { answer: "x".repeat(20_000) + state.k } });
      };
    });`);
  kernel.send("comm_open", { comm_id: "slider", target_name: "slider", data: {} });
});
afterEach(() => kernel?.close());

const megabytes = async (): Promise<number> => {
  const { outputs } = await kernel.execute(
    "await collected(); const { heapUsed, external } = process.memoryUsage(); (heapUsed + external) / 1e6",
  );
  return Number(contentsOf(outputs, "execute_result")[0].data["text/plain"]);
};

const slide = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) =>
    kernel.send("comm_msg", { comm_id: "slider", data: { method: "update", state: { k: from + i } } }),
  );

const answered = async (ids: readonly string[]): Promise<void> => {
  const waiting = new Set(ids);
  await kernel.until(() => {
    for (const message of kernel.published.splice(0)) if (isIdle(message)) waiting.delete(parentId(message)!);
    return waiting.size === 0;
  }, "the end of every message");
};

it("1,000 quick messages of a slider leave no backlog and no memory behind", async () => {
  await kernel.execute(`
    require("node:v8").setFlagsFromString("--expose-gc");
    const collect: () => void = require("node:vm").runInNewContext("gc");
    async function collected() { for (let i = 0; i < 3; i++) { collect(); await new Promise((r) => setTimeout(r, 10)); } }`);
  await answered(slide(0, 200));
  const before = await megabytes();
  await answered(slide(200, 1200));
  const { outputs } = await kernel.execute("seen.at(-1)");
  expect(contentsOf(outputs, "execute_result")[0].data["text/plain"]).toBe("1199");
  expect((await megabytes()) - before).toBeLessThan(20);
});

it("a slow handler answers to where the slider is, not to every place where it was", async () => {
  const gate = new Gate();
  try {
    const busy = kernel.sendCode(`console.log("go"); ${gate.busyWait}`);
    await kernel.until(() => streamText(kernel.outputsOf(busy)) === "go\n", "the cell");
    const ids = slide(0, 1000);
    await kernel.request("kernel_info_request", {});
    gate.open();
    await answered(ids);
    const { outputs } = await kernel.execute("[seen.length < 500, seen.at(-1)]");
    expect(contentsOf(outputs, "execute_result")[0].data["text/plain"]).toBe("[ true, 999 ]");
  } finally {
    gate.remove();
  }
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, contentsOf, KernelClient, streamText } from "../helpers/kernel-client.js";

let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start();
  await kernel.execute("let kept = 41;");
});
afterAll(() => kernel?.close());

/** Runs a cell that prints "go", interrupts it then, and waits for its end. */
async function interrupted(code: string): Promise<Answer> {
  const id = kernel.sendCode(code);
  await kernel.until(() => streamText(kernel.outputsOf(id)).includes("go"), "the cell to start");
  const reply = await kernel.request("interrupt_request", {}, { channel: "control" });
  expect(reply.status).toBe("ok");
  const answer = await kernel.answer(id);
  expect(answer.reply).toMatchObject({
    status: "error",
    ename: "Aborted",
    evalue: "interrupted by the user",
  });
  expect(contentsOf(answer.outputs, "error")).toHaveLength(1);
  return answer;
}

async function stateIsKept(): Promise<void> {
  const { outputs } = await kernel.execute("kept + 1");
  expect(contentsOf(outputs, "execute_result")[0]?.data["text/plain"]).toBe("42");
}

describe("interrupt", () => {
  it("ends a busy loop", async () => {
    await interrupted('console.log("go"); while (true) {}');
    await stateIsKept();
  });

  it("ends a pending await", async () => {
    await interrupted('console.log("go"); await new Promise(() => {})');
    await stateIsKept();
  });

  it("ends a busy loop after an await", async () => {
    await interrupted('await new Promise((r) => setTimeout(r, 20)); console.log("go"); while (true) {}');
    await stateIsKept();
  });

  it("ends a busy loop after an await that catches everything", async () => {
    await interrupted(
      'await Promise.resolve(); console.log("go"); try { while (true) { try { JSON.parse("["); } catch {} } } finally { kept = 0; }',
    );
    await stateIsKept();
  });

  it("ends the wait for a promise that is the last value", async () => {
    await interrupted('console.log("go"); new Promise(() => {})');
    await stateIsKept();
  });

  it("ends a busy timer and a busy handler of a channel", async () => {
    await interrupted(
      'setTimeout(() => { console.log("go"); while (true) {} }, 5); await new Promise(() => {})',
    );
    await stateIsKept();
    const { outputs } = await kernel.execute(`(globalThis as any)[Symbol.for("dn2.kernel")]
      .registerTarget("busy", () => { console.log("spinning"); while (true) {} });`);
    kernel.send("comm_open", { comm_id: "b", target_name: "busy", data: {} });
    const id = String(outputs[0].parent.msg_id);
    await kernel.until(() => streamText(kernel.outputsOf(id)) === "spinning\n", "the handler");
    await kernel.request("interrupt_request", {}, { channel: "control" });
    await stateIsKept();
  });

  it("ends a type check that takes long, and keeps what cells left behind", async () => {
    await kernel.execute("const beforeLong = 5; type Half<T> = T;");
    const long = Array.from(
      { length: 40 },
      (_, i) => `
      type Grow${i}<N extends number, A extends any[] = [${i}]> = A["length"] extends N ? A : Grow${i}<N, [...A, [A, N]]>;
      type Pairs${i} = { [K in keyof Grow${i}<900>]: { [L in keyof Grow${i}<900>]: [K, L] }[K] };
      const grown${i}: Pairs${i} = 0 as any as Pairs${i}[];`,
    );
    const id = kernel.sendCode(long.join("\n"));
    await kernel.until(() => kernel.outputsOf(id).length > 0, "the start of the cell");
    await kernel.request("interrupt_request", {}, { channel: "control" });
    expect((await kernel.answer(id)).reply.ename).toBe("Aborted");
    const { outputs } = await kernel.execute("beforeLong + 1");
    expect(contentsOf(outputs, "execute_result")[0]?.data["text/plain"]).toBe("6");
    await stateIsKept();
  });

  it("aborts the signal of the cell, and gives the next cell a fresh one", async () => {
    const { outputs } = await interrupted(`
      const { signal } = (globalThis as any)[Symbol.for("dn2.kernel")];
      signal.addEventListener("abort", () => { kept = 41; });
      console.log("go"); await new Promise(() => {})`);
    expect(outputs.length).toBeGreaterThan(0);
    const { outputs: next } = await kernel.execute(
      '(globalThis as any)[Symbol.for("dn2.kernel")].signal.aborted',
    );
    expect(contentsOf(next, "execute_result")[0].data["text/plain"]).toBe("false");
  });

  it("keeps an interrupted loop from writing anywhere", async () => {
    await interrupted(
      'for (let i = 0; ; i++) { console.log("go"); await new Promise((r) => setTimeout(r, 10)); }',
    );
    const before = kernel.published.length;
    const { outputs } = await kernel.execute(
      "await new Promise((r) => setTimeout(r, 200)); console.log('next')",
    );
    expect(streamText(outputs)).toBe("next\n");
    expect(streamText(kernel.published.slice(before))).toBe("next\n");
  });

  it("aborts what waits behind the interrupted cell, and does nothing when no cell runs", async () => {
    const id = kernel.sendCode('console.log("go"); while (true) {}');
    const waiting = kernel.sendCode("1");
    await kernel.until(() => streamText(kernel.outputsOf(id)).includes("go"), "the cell to start");
    await kernel.request("interrupt_request", {}, { channel: "control" });
    expect((await kernel.answer(waiting)).reply.status).toBe("aborted");
    await kernel.request("interrupt_request", {}, { channel: "control" });
    await new Promise((done) => setTimeout(done, 100));
    await stateIsKept();
  });
});

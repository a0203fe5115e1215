import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Gate } from "../helpers/gate.js";
import { contentsOf, KernelClient, parentId, streamText } from "../helpers/kernel-client.js";

let kernel: KernelClient;
let gate: Gate;

beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel?.close());
beforeEach(() => {
  gate = new Gate();
});
afterEach(() => gate.remove());

const plainTraceback = (content: { traceback: string[] }): string =>
  // The colors of the traceback.
  content.traceback.join("\n").replace(/\x1b\[\d+m/g, "");

async function errorOf(code: string): Promise<{ ename: string; evalue: string; text: string }> {
  const { reply, outputs } = await kernel.execute(code);
  expect(reply.status).toBe("error");
  const [error] = contentsOf(outputs, "error");
  expect({ ename: reply.ename, evalue: reply.evalue }).toEqual({ ename: error.ename, evalue: error.evalue });
  return { ename: error.ename, evalue: error.evalue, text: plainTraceback(error as { traceback: string[] }) };
}

async function resultOf(code: string): Promise<unknown> {
  const { outputs } = await kernel.execute(code);
  return contentsOf(outputs, "execute_result")[0]?.data["text/plain"];
}

describe("kernel info and heartbeat", () => {
  it("says what it is", async () => {
    const info = await kernel.request("kernel_info_request", {});
    expect(info.status).toBe("ok");
    expect(info.protocol_version).toBe("5.4");
    expect(info.language_info).toMatchObject({ name: "typescript", file_extension: ".ts" });
  });

  it("echoes the heartbeat", async () => {
    expect(await kernel.heartbeat("beat")).toBe("beat");
  });

  it("answers kernel info and heartbeat while a cell computes", async () => {
    const id = kernel.sendCode(gate.busyWait);
    await kernel.until(() => kernel.outputsOf(id).length > 0, "the start of the cell");
    await kernel.request("kernel_info_request", {});
    expect(await kernel.heartbeat("alive")).toBe("alive");
    const states = kernel.published
      .filter((m) => m.header.msg_type === "status")
      .map((m) => m.content.execution_state);
    expect(states.at(-1)).toBe("busy");
    gate.open();
    expect((await kernel.answer(id)).reply.status).toBe("ok");
  });
});

describe("results", () => {
  it("shows the value of the last expression", async () => {
    const { reply, outputs } = await kernel.execute("const a = [1, 2, 3];\na.map((x) => x * 2)");
    expect(outputs.map((m) => m.header.msg_type)).toEqual(["execute_input", "execute_result"]);
    expect(contentsOf(outputs, "execute_result")[0]).toMatchObject({
      execution_count: reply.execution_count,
      data: { "text/plain": "[ 2, 4, 6 ]" },
    });
  });

  it("keeps names from cell to cell and allows to declare them again", async () => {
    await kernel.execute("const kept = 1; let other = 2;");
    expect(await resultOf("const kept = other + 40; kept")).toBe("42");
    expect(await resultOf("({ kept, other })")).toBe("{ kept: 42, other: 2 }");
  });

  it("awaits at top level, and a promise that is the last value", async () => {
    expect(await resultOf("await new Promise<number>((r) => setTimeout(() => r(5), 5))")).toBe("5");
    expect(await resultOf("Promise.resolve('later')")).toBe("'later'");
  });

  it("keeps a variable whose type cannot be named", async () => {
    const code = "const unnamable = new AbortController().signal, named = 3;\nunnamable.aborted";
    expect(await resultOf(code)).toBe("false");
    expect(await resultOf("[unnamable.aborted, named]")).toBe("[ false, 3 ]");
  });

  it("shows nothing for undefined, null and an empty cell", async () => {
    for (const code of ["undefined", "null", "", "  \n", "const q = 1;", "Promise.resolve()"]) {
      expect(contentsOf((await kernel.execute(code)).outputs, "execute_result")).toEqual([]);
    }
  });

  it("asks a value how it is shown, also asynchronously, with binary data as base64", async () => {
    const code = `({
      async [Symbol.for("Jupyter.display")]() {
        return { "text/plain": "picture", "image/png": new Uint8Array([1, 2, 3]), "application/json": { a: [1n, NaN, 2] } };
      },
    })`;
    const { outputs } = await kernel.execute(code);
    expect(contentsOf(outputs, "execute_result")[0].data).toEqual({
      "text/plain": "picture",
      "image/png": "AQID",
      "application/json": { a: ["1", null, 2] },
    });
  });

  it("shows a value as text when its display method fails, and the failure on stderr", async () => {
    const { reply, outputs } = await kernel.execute(
      '({ a: 1, [Symbol.for("Jupyter.display")]() { throw new Error("no picture"); } })',
    );
    expect(reply.status).toBe("ok");
    expect(streamText(outputs, "stderr")).toContain("no picture");
    expect(contentsOf(outputs, "execute_result")[0].data["text/plain"]).toContain("a: 1");
  });

  it("runs silently, and without counting", async () => {
    const before = (await kernel.execute("1")).reply.execution_count;
    const { outputs } = await kernel.execute("const quiet = 1; quiet", { silent: true });
    expect(outputs).toEqual([]);
    await kernel.execute("2", { store_history: false });
    expect((await kernel.execute("quiet")).reply.execution_count).toBe(before + 1);
  });

  it("evaluates user expressions", async () => {
    const { reply } = await kernel.execute("const u = 20;", {
      user_expressions: { good: "u + 1", bad: "nowhere" },
    });
    expect(reply.user_expressions.good).toMatchObject({ status: "ok", data: { "text/plain": "21" } });
    expect(reply.user_expressions.bad).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });
});

describe("errors", () => {
  it("points to the line of the cell, behind type declarations that leave no code", async () => {
    const error = await errorOf(
      "interface Q {\n  x: number;\n}\nfunction f(q: Q): never {\n  throw new RangeError(`bad ${q.x}`);\n}\n\nf({ x: 3 });",
    );
    expect(error).toMatchObject({ ename: "RangeError", evalue: "bad 3" });
    expect(error.text).toMatch(/^RangeError: bad 3\n {4}at f, cell \[\d+\], line 5\n/);
    expect(error.text).toMatch(/ {2}> 5 \| {3}throw new RangeError/);
    expect(error.text).toMatch(/at cell \[\d+\], line 8$/);
  });

  it("points into the earlier cell that holds the function, after an await", async () => {
    const first = (await kernel.execute("function thrower() {\n\n  return (undefined as any).y;\n}")).reply
      .execution_count;
    const error = await errorOf("await Promise.resolve();\nthrower();");
    expect(error.ename).toBe("TypeError");
    expect(error.text).toContain(`at thrower, cell [${first}], line 3`);
    expect(error.text).toContain(`cell [${first + 1}], line 2`);
    expect(error.text).not.toMatch(/tslab|node:|dn2-cell/);
  });

  it("reports type errors with line, column and excerpt, and runs nothing", async () => {
    const error = await errorOf('console.log("never");\nconst s: string = 4;');
    expect(error).toMatchObject({ ename: "TypeScriptError" });
    expect(error.text).toMatch(/error TS2322: .* \(line 2, column 7\)/);
    expect(error.text).toMatch(/> 2 \| const s: string = 4;\n +\| {7}\^/);
  });

  it("shows thrown values that are no errors, causes, and rejected promises", async () => {
    expect((await errorOf('throw "just text"')).evalue).toBe("just text");
    expect((await errorOf('Promise.reject(new Error("late no"))')).evalue).toBe("late no");
    const error = await errorOf('throw new Error("outer", { cause: new TypeError("inner") })');
    expect(error.text).toContain("caused by TypeError: inner");
  });

  it("shows one line and the place for the package's own errors", async () => {
    const error = await errorOf("\nnew dn2.Random(1).sample(2, 5)");
    expect(error.ename).toBe("RangeError");
    expect(error.text.split("\n").length).toBeLessThanOrEqual(4);
    expect(error.text).toMatch(/line 2/);
  });
});

describe("order", () => {
  it("sends streams, displays and the result in the order in which they were made", async () => {
    const { outputs } = await kernel.execute(`
      const bridge = (globalThis as any)[Symbol.for("dn2.kernel")];
      for (let i = 0; i < 200; i++) console.log("line", i);
      bridge.display({ "text/plain": "between" });
      console.error("end");
      "value"`);
    const types = outputs.map((m) => m.header.msg_type);
    expect(types.indexOf("display_data")).toBeGreaterThan(types.indexOf("stream"));
    expect(types.slice(-3)).toEqual(["display_data", "stream", "execute_result"]);
    expect(streamText(outputs)).toBe(Array.from({ length: 200 }, (_, i) => `line ${i}\n`).join(""));
  });

  it("sends text while a synchronous loop goes on", async () => {
    const id = kernel.sendCode(`console.log("a"); console.log("b"); ${gate.busyWait} console.log("c")`);
    await kernel.until(() => streamText(kernel.outputsOf(id)) === "a\nb\n", "text of the loop");
    gate.open();
    expect((await kernel.answer(id)).outputs.at(-1)?.content.text).toBe("c\n");
  });

  it("sends late output to the cell that started it, also out of a nested function of a library", async () => {
    const id = kernel.sendCode(`
      setTimeout(() => console.log("timer"), 30);
      void (async () => { for (let i = 0; i < 3; i++) { await new Promise((r) => setTimeout(r, 20)); console.log("loop", i); } })();
      new Promise<void>((r) => setTimeout(r, 25)).then(() => ["then"].forEach((t) => console.log(t)));`);
    await kernel.answer(id);
    const other = kernel.sendCode(`${gate.wait} console.log("mine")`);
    const late = (): string[] => streamText(kernel.outputsOf(id)).split("\n").sort();
    await kernel.until(() => late().length === 6, "the late output");
    expect(late()).toEqual(["", "loop 0", "loop 1", "loop 2", "then", "timer"]);
    gate.open();
    expect(streamText((await kernel.answer(other)).outputs)).toBe("mine\n");
  });

  it("shows errors of forgotten promises and timers at the cell that started them, and lives on", async () => {
    const id = kernel.sendCode(
      'setTimeout(() => { throw new Error("in timer") }, 10); void Promise.reject(new Error("forgotten"));',
    );
    await kernel.answer(id);
    await kernel.until(
      () => streamText(kernel.outputsOf(id), "stderr").includes("in timer"),
      "the timer's error",
    );
    expect(streamText(kernel.outputsOf(id), "stderr")).toContain("forgotten");
    expect(await resultOf("1 + 1")).toBe("2");
  });

  it("aborts what had been received when a cell failed, and nothing later", async () => {
    const ids = [
      kernel.sendCode(`${gate.wait} throw new Error("stop")`),
      kernel.sendCode("1"),
      kernel.sendCode("2"),
    ];
    // Answered in the order of arrival, so the cells have arrived before it.
    await kernel.request("kernel_info_request", {});
    gate.open();
    const replies = [];
    for (const id of ids) replies.push((await kernel.answer(id)).reply.status);
    expect(replies).toEqual(["error", "aborted", "aborted"]);
    expect((await kernel.execute("3")).reply.status).toBe("ok");
  });

  it("goes on after an error when the request says so", async () => {
    const first = kernel.sendCode('throw new Error("go on")', { stop_on_error: false });
    const second = kernel.sendCode("1");
    expect((await kernel.answer(first)).reply.status).toBe("error");
    expect((await kernel.answer(second)).reply.status).toBe("ok");
  });
});

describe("imports", () => {
  it("has dn2 in scope, typed, and importable by name", async () => {
    expect(await resultOf("typeof dn2.Random")).toBe("'function'");
    expect((await errorOf("const n: number = dn2.Random;")).ename).toBe("TypeScriptError");
    expect(await resultOf('import { Random } from "dn2"; Random === dn2.Random')).toBe("true");
    expect(await resultOf('import * as again from "dn2"; again.Random === dn2.Random')).toBe("true");
  });

  it("keeps dn2 when other names are declared, and lets a cell take the name", async () => {
    await kernel.execute("const something = 1; class Something {}");
    expect(await resultOf("typeof dn2.Random")).toBe("'function'");
    expect(await resultOf("{ const dn2 = 5; dn2 }\nconst two = 2; two")).toBe("2");
  });
});

it("drops messages that are wrongly signed", async () => {
  const id = kernel.send("execute_request", { code: "1", silent: false }, { key: "wrong" });
  await kernel.execute("2");
  expect(kernel.published.some((message) => parentId(message) === id)).toBe(false);
});

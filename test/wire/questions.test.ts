import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf, KernelClient, parentId, streamText } from "../helpers/kernel-client.js";

let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel?.close());

const bridge = 'const bridge = (globalThis as any)[Symbol.for("dn2.kernel")];';

describe("display", () => {
  it("shows, updates and clears", async () => {
    const { outputs } = await kernel.execute(`${bridge}
      bridge.display({ "text/plain": "one" }, { displayId: "d", metadata: { a: 1 } });
      bridge.update("d", { "text/plain": "two" });
      bridge.clearOutput(true);`);
    const shown = outputs.slice(1).map(({ header, content }) => [header.msg_type, content]);
    expect(shown).toEqual([
      ["display_data", { data: { "text/plain": "one" }, metadata: { a: 1 }, transient: { display_id: "d" } }],
      [
        "update_display_data",
        { data: { "text/plain": "two" }, metadata: {}, transient: { display_id: "d" } },
      ],
      ["clear_output", { wait: true }],
    ]);
  });

  it("keeps the display calls of tslab working", async () => {
    const { outputs } = await kernel.execute('import { display } from "tslab"; display.html("<b>x</b>");');
    expect(contentsOf(outputs, "display_data")[0].data).toEqual({ "text/html": "<b>x</b>" });
  });
});

describe("questions about code", () => {
  it("completes names that begin with what was typed, with their kinds", async () => {
    await kernel.execute("const alphabet = 1; function alphaCentauri() {}");
    const reply = await kernel.request("complete_request", { code: "1 + alpha", cursor_pos: 9 });
    expect(reply.matches.sort()).toEqual(["alphaCentauri", "alphabet"]);
    expect([reply.cursor_start, reply.cursor_end]).toEqual([4, 9]);
    const types = Object.fromEntries(
      reply.metadata._jupyter_types_experimental.map((t: any) => [t.text, t.type]),
    );
    expect(types).toEqual({ alphabet: "const", alphaCentauri: "function" });
  });

  it("counts the cursor in code points", async () => {
    const code = '"😀"; alphab';
    const reply = await kernel.request("complete_request", { code, cursor_pos: 11 });
    expect(reply).toMatchObject({ matches: ["alphabet"], cursor_start: 5, cursor_end: 11 });
  });

  it("completes members of dn2", async () => {
    const reply = await kernel.request("complete_request", { code: "dn2.Rand", cursor_pos: 8 });
    expect(reply.matches).toEqual(["Random"]);
  });

  it("describes a name with signature and documentation", async () => {
    await kernel.execute(
      "/**\n * Adds one.\n * @param x - a number\n * @returns x + 1\n */\nfunction addOne(x: number): number { return x + 1; }",
    );
    for (const [code, cursor_pos] of [
      ["addOne(1)", 3],
      ["addOne(", 7],
      ["addOne", 6],
    ] as const) {
      const { found, data } = await kernel.request("inspect_request", { code, cursor_pos, detail_level: 0 });
      expect(found).toBe(true);
      expect(data["text/plain"]).toContain("function addOne(x: number): number");
      expect(data["text/plain"]).toContain("Adds one.");
      expect(data["text/markdown"]).toContain("```typescript\nfunction addOne(x: number): number\n```");
      expect(data["text/markdown"]).toContain("- `x`: a number");
    }
    expect(await kernel.request("inspect_request", { code: "   ", cursor_pos: 1 })).toMatchObject({
      found: false,
      data: {},
    });
  });

  it("tells complete from incomplete and invalid code", async () => {
    const cases = {
      complete: ["1 + 1", "await f()", "function f() {\n}", "", "`a`", "const x: number = 1;"],
      incomplete: ["for (;;) {", "f(1,", "`open", "/* open", "if (x)", "const x ="],
      invalid: ["const const", "a b c", "foo)", "}"],
    };
    for (const [status, codes] of Object.entries(cases)) {
      for (const code of codes) {
        expect([code, (await kernel.request("is_complete_request", { code })).status]).toEqual([
          code,
          status,
        ]);
      }
    }
    expect((await kernel.request("is_complete_request", { code: "  for (;;) {" })).indent).toBe("    ");
  });

  it("ignores requests that it does not know", async () => {
    kernel.send("unheard_of_request", {});
    expect((await kernel.execute("1")).reply.status).toBe("ok");
  });
});

describe("history", () => {
  it("gives tail, range and search, with and without output", async () => {
    const first = (await kernel.execute("6*7 // one")).reply.execution_count;
    await kernel.execute("6*7 // one");
    await kernel.execute("const silentHistory = 1;");
    const ask = async (content: object): Promise<any[]> =>
      (await kernel.request("history_request", { output: false, raw: true, ...content })).history;
    expect(await ask({ hist_access_type: "tail", n: 2 })).toEqual([
      [1, first + 1, "6*7 // one"],
      [1, first + 2, "const silentHistory = 1;"],
    ]);
    expect((await ask({ hist_access_type: "tail", n: 3, output: true }))[0]).toEqual([
      1,
      first,
      ["6*7 // one", "42"],
    ]);
    expect(await ask({ hist_access_type: "range", session: 0, start: first, stop: first + 1 })).toEqual([
      [1, first, "6*7 // one"],
    ]);
    expect(await ask({ hist_access_type: "search", pattern: "6?7*", n: 10 })).toHaveLength(2);
    expect(await ask({ hist_access_type: "search", pattern: "6?7*", n: 10, unique: true })).toHaveLength(1);
    expect(await ask({ hist_access_type: "search", pattern: "[nothing]" })).toEqual([]);
  });
});

describe("channels", () => {
  it("opens a channel, answers on it with buffers and closes it", async () => {
    await kernel.execute(`${bridge}
      bridge.registerTarget("echo", (comm: any, data: any, buffers: Uint8Array[]) => {
        comm.send({ opened: data.name, bytes: buffers.length });
        comm.onMessage = (message: any, more: Uint8Array[]) => comm.send({ echo: message }, more.map((b) => b.map((x) => x + 1)));
        comm.onClose = () => console.log("closed");
      });`);
    kernel.send(
      "comm_open",
      { comm_id: "c1", target_name: "echo", data: { name: "n" } },
      { buffers: [Buffer.from("x")] },
    );
    const id = kernel.send(
      "comm_msg",
      { comm_id: "c1", data: { v: 5 } },
      { buffers: [new Uint8Array([1, 2])] },
    );
    const messages = () =>
      kernel.published.filter((m) => m.header.msg_type === "comm_msg" && m.content.comm_id === "c1");
    await kernel.until(() => messages().length === 2, "the echo");
    const [opened, echo] = messages();
    expect(opened.content.data).toEqual({ opened: "n", bytes: 1 });
    expect(echo.content.data).toEqual({ echo: { v: 5 } });
    expect([...echo.buffers[0]]).toEqual([2, 3]);
    expect(parentId(echo)).toBe(id);
    expect((await kernel.request("comm_info_request", { target_name: "echo" })).comms).toEqual({
      c1: { target_name: "echo" },
    });
    expect((await kernel.request("comm_info_request", { target_name: "other" })).comms).toEqual({});
    kernel.send("comm_close", { comm_id: "c1", data: {} });
    await kernel.until(() => kernel.published.some((m) => m.content.text === "closed\n"), "closing");
    expect((await kernel.request("comm_info_request", {})).comms).toEqual({});
  });

  it("opens a channel from a cell", async () => {
    const { outputs } = await kernel.execute(`${bridge}
      const mine = bridge.openComm("jupyter.widget", { state: 1 }, { version: "2.1.0" }, [new Uint8Array([9])]);
      mine.onMessage = (data: any) => console.log("got", data.x);`);
    const open = outputs.find((m) => m.header.msg_type === "comm_open")!;
    expect(open.content).toMatchObject({ target_name: "jupyter.widget", data: { state: 1 } });
    expect(open.metadata).toEqual({ version: "2.1.0" });
    expect([...open.buffers[0]]).toEqual([9]);
    kernel.send("comm_msg", { comm_id: open.content.comm_id, data: { x: 3 } });
    await kernel.until(
      () => kernel.published.some((m) => m.content.text === "got 3\n"),
      "the handler's output",
    );
    const printed = kernel.published.find((m) => m.content.text === "got 3\n")!;
    expect(parentId(printed)).toBe(parentId(open));
  });

  it("answers while a cell awaits, and survives a handler that throws", async () => {
    await kernel.execute(`${bridge}
      bridge.registerTarget("thrower", (comm: any) => { comm.onMessage = () => { throw new Error("handler failed"); }; });`);
    const cell = kernel.sendCode(
      "await new Promise<void>((r) => { bridge.registerTarget('finish', () => r()); console.log('go'); }); 'done'",
    );
    await kernel.until(() => streamText(kernel.outputsOf(cell)) === "go\n", "the start of the cell");
    kernel.send("comm_open", { comm_id: "t", target_name: "thrower", data: {} });
    kernel.send("comm_msg", { comm_id: "t", data: {} });
    await kernel.until(
      () => kernel.published.some((m) => String(m.content.text).includes("handler failed")),
      "the failure",
    );
    expect(contentsOf(kernel.outputsOf(cell), "execute_result")).toEqual([]);
    kernel.send("comm_open", { comm_id: "f", target_name: "finish", data: {} });
    expect((await kernel.answer(cell)).reply.status).toBe("ok");
  });

  it("closes a channel for which there is no target", async () => {
    kernel.send("comm_open", { comm_id: "none", target_name: "nobody", data: {} });
    await kernel.until(
      () => kernel.published.some((m) => m.header.msg_type === "comm_close" && m.content.comm_id === "none"),
      "closing",
    );
  });
});

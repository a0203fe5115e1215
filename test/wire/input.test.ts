import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf, KernelClient, parentId } from "../helpers/kernel-client.js";

let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel?.close());

const result = (outputs: Parameters<typeof contentsOf>[0]): unknown =>
  contentsOf(outputs, "execute_result")[0]?.data["text/plain"];

/** Waits for the next question after `count` others. */
async function question(count: number): Promise<(typeof kernel.questions)[0]> {
  await kernel.until(() => kernel.questions.length > count, "a question");
  return kernel.questions[count];
}

describe("questions to the user", () => {
  it("are asked one after the other below the cell, and answered", async () => {
    const asked = kernel.questions.length;
    const id = kernel.sendCode(
      'const both = await Promise.all([dn2.input("Name: "), dn2.input("Token: ", { password: true })]); both',
      { allow_stdin: true },
    );
    const first = await question(asked);
    expect(first.header.msg_type).toBe("input_request");
    expect(parentId(first)).toBe(id);
    expect(first.content).toEqual({ prompt: "Name: ", password: false });
    expect(kernel.questions).toHaveLength(asked + 1);
    kernel.send("input_reply", { value: "Ada", status: "ok" }, { channel: "stdin" });
    expect((await question(asked + 1)).content).toEqual({ prompt: "Token: ", password: true });
    kernel.send("input_reply", { value: "s3cret", status: "ok" }, { channel: "stdin" });
    expect(result((await kernel.answer(id)).outputs)).toBe("[ 'Ada', 's3cret' ]");
  });

  it("can be interrupted, and asked again", async () => {
    const asked = kernel.questions.length;
    const id = kernel.sendCode("await dn2.input()", { allow_stdin: true });
    await question(asked);
    await kernel.request("interrupt_request", {}, { channel: "control" });
    expect((await kernel.answer(id)).reply.ename).toBe("Aborted");
    const next = kernel.sendCode('await dn2.input("again")', { allow_stdin: true });
    expect((await question(asked + 1)).content.prompt).toBe("again");
    kernel.send("input_reply", { value: "yes" }, { channel: "stdin" });
    expect(result((await kernel.answer(next)).outputs)).toBe("'yes'");
  });

  it("fail with one sentence where the front end allows none, or the cell has ended", async () => {
    const { reply } = await kernel.execute("await dn2.input()");
    expect(reply.evalue).toMatch(
      /^input needs a front end that passes questions on .*set the value in the code$/,
    );
    const cell = "globalThis.setTimeout(() => dn2.input().catch((error) => console.log(error.message)), 1);";
    await kernel.execute(cell, { allow_stdin: true });
    await kernel.until(
      () => kernel.published.some(({ content }) => /^only a cell that is running/.test(String(content.text))),
      "the sentence",
    );
    expect((await kernel.execute("await dn2.input(1 as any, { secret: 1 } as any)")).reply.ename).toBe(
      "TypeError",
    );
  });
});

it("a name with a question mark shows what is known about it", async () => {
  const { reply, outputs } = await kernel.execute("dn2.Random?");
  expect(outputs.map((message) => message.header.msg_type)).toEqual(["execute_input"]);
  expect(reply.payload).toMatchObject([{ source: "page", start: 0 }]);
  expect(reply.payload[0].data["text/markdown"]).toContain("class Random");
  expect((await kernel.execute("nowhere?")).reply.payload[0].data["text/plain"]).toBe(
    "nothing is known about nowhere",
  );
});

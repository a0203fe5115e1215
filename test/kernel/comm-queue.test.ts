import { describe, expect, it } from "vitest";
import { CommQueue } from "../../kernel/comm/comm-queue.js";
import type { Message } from "../../kernel/wire/message.js";

const message = (id: string, comm: string, data: object, buffers: Uint8Array[] = []): Message => ({
  identities: [],
  header: { msg_id: id, msg_type: "comm_msg" } as Message["header"],
  parent: {},
  metadata: {},
  content: { comm_id: comm, data },
  buffers,
});
const update = (id: string, comm: string, state: object): Message =>
  message(id, comm, { method: "update", state });

function drain(...messages: Message[]): unknown[] {
  const queue = new CommQueue();
  for (const one of messages) queue.add(one);
  const taken: unknown[] = [];
  for (let next = queue.take(); next; next = queue.take()) {
    const { content, header } = next.message;
    taken.push([header.msg_id, content.data, next.included.map((one) => one.header.msg_id)]);
  }
  return taken;
}

describe("CommQueue", () => {
  it("joins updates of one widget that follow each other, the later state winning", () => {
    const joined = { method: "update", state: { k: 3, name: "x" } };
    const others = [
      update("a", "w", { k: 1 }),
      update("b", "w", { k: 2, name: "x" }),
      update("c", "w", { k: 3 }),
    ];
    expect(drain(...others)).toEqual([["c", joined, ["a", "b"]]]);
  });

  it("leaves apart other widgets, other messages and binary data", () => {
    const data = { method: "update", state: { k: 1 } };
    const click = { method: "custom", content: "click" };
    expect(
      drain(
        update("a", "w", { k: 1 }),
        update("b", "v", { k: 1 }),
        message("c", "v", click),
        message("d", "v", click),
        message("e", "v", data, [new Uint8Array(1)]),
        update("f", "v", { k: 1 }),
        message("g", "v", { method: "update", state: null }),
      ),
    ).toEqual([
      ["a", data, []],
      ["b", data, []],
      ["c", click, []],
      ["d", click, []],
      ["e", data, []],
      ["f", data, []],
      ["g", { method: "update", state: null }, []],
    ]);
  });
});

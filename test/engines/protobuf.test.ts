import { expect, test } from "vitest";
import { ProtobufMessage } from "../../src/engines/protobuf.js";

test("fields are encoded as the wire format's own examples", () => {
  expect([...new ProtobufMessage().integer(1, 150).bytes()]).toEqual([0x08, 0x96, 0x01]);
  expect([...new ProtobufMessage().text(2, "testing").bytes()]).toEqual([
    0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
  ]);
  expect([...new ProtobufMessage().message(3, new ProtobufMessage().integer(1, 150)).bytes()]).toEqual([
    0x1a, 3, 0x08, 0x96, 0x01,
  ]);
});

test("large field numbers, negative integers and floats", () => {
  expect([...new ProtobufMessage().integer(20, 7).bytes()]).toEqual([0xa0, 0x01, 7]);
  expect([...new ProtobufMessage().integer(1, -1).bytes()]).toEqual([8, ...Array(9).fill(0xff), 1]);
  expect([...new ProtobufMessage().float(2, 1).bytes()]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
});

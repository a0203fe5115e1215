import { expect, it, vi } from "vitest";
import { Comms } from "../../kernel/comm/comms.js";
import { Cell, Cells } from "../../kernel/evaluator/cells.js";
import { createBridge } from "../../kernel/output/bridge.js";
import type { Outputs } from "../../kernel/output/outputs.js";

function bridgeOf(cells: Cells) {
  const outputs: Outputs = {
    interactive: true,
    stream: vi.fn(),
    display: vi.fn(),
    update: vi.fn(),
    clear: vi.fn(),
    comm: vi.fn(),
  };
  return { outputs, bridge: createBridge(cells, outputs, new Comms(() => {})) };
}

it("an interrupted cell shows and updates nothing more while it runs", () => {
  const cells = new Cells();
  const { outputs, bridge } = bridgeOf(cells);
  const cell = new Cell("cell [1]");
  cells.begin(cell);
  cell.interrupt();
  expect(() => bridge.display({ "text/plain": "a" })).toThrow("the cell was interrupted");
  expect(() => bridge.update("a", { "text/plain": "b" })).toThrow("the cell was interrupted");
  expect(outputs.update).not.toHaveBeenCalled();
});

it("what was shown can be updated after a cell was interrupted and has ended", () => {
  const cells = new Cells();
  const { outputs, bridge } = bridgeOf(cells);
  const cell = new Cell("cell [1]");
  cells.begin(cell);
  cell.interrupt();
  cells.end(cell);
  bridge.update("a", { "text/plain": "b" });
  expect(outputs.update).toHaveBeenCalledOnce();
});

it("tells the running cell by its identifier in the notebook", () => {
  const cells = new Cells();
  const { bridge } = bridgeOf(cells);
  const cell = new Cell("cell [1]", undefined, "abc");
  cells.begin(cell);
  expect(bridge.cell).toEqual({ id: "abc", run: cell.run });
});

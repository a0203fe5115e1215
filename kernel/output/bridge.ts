import { Aborted } from "../../src/core/errors.js";
import type { KernelBridge } from "../../src/core/kernel-bridge.js";
import type { Comms } from "../comm/comms.js";
import type { Cell, Cells } from "../evaluator/cells.js";
import type { Outputs } from "./outputs.js";

/**
 * Makes the object through which code in cells reaches the kernel.
 *
 * @param cells - says which cell is calling
 * @param outputs - where output goes
 * @param comms - the channels to the front end
 * @returns the bridge
 */
export function createBridge(cells: Cells, outputs: Outputs, comms: Comms): KernelBridge {
  const writer = (): Cell => {
    const cell = cells.current;
    if (cell.interrupted) throw new Aborted("the cell was interrupted and shows nothing more");
    return cell;
  };
  return {
    interactive: outputs.interactive,
    display: (bundle, options = {}) => {
      outputs.display(writer(), bundle, options.metadata ?? {}, options.displayId);
    },
    update: (displayId, bundle, metadata = {}) => {
      // What was shown may be brought up to date long after some cell was interrupted.
      const cell = cells.writing ? writer() : cells.current;
      outputs.update(cell, displayId, bundle, metadata);
    },
    clearOutput: (wait = false) => outputs.clear(writer(), wait),
    openComm: (target, data, metadata, buffers) => comms.open(target, data, metadata, buffers),
    registerTarget: (target, handler) => comms.registerTarget(target, handler),
    input: outputs.ask && ((prompt, password) => outputs.ask!(writer(), prompt, password)),
    get cell() {
      const { id, run } = cells.current;
      return { id, run };
    },
    get signal() {
      return cells.current.signal;
    },
  };
}

import { refuse } from "../limits.js";
import type { BitReader } from "./bits.js";
import type { Component } from "./frame.js";
import type { HuffmanTable } from "./huffman.js";
import type { ScanRange } from "./scan.js";
import { rowOrder } from "./zigzag.js";

/** Decodes the blocks of one progressive scan; some state runs from block to block. */
export interface ProgressiveDecoder {
  /** Reads what the scan says of one block. */
  decode(component: Component, blockX: number, blockY: number): void;
  /** Forgets the state, at a restart marker. */
  reset(): void;
}

/**
 * The decoder for the blocks of a progressive scan (ITU T.81, annex G).
 *
 * @param reader - the scan's bits
 * @param range - what the scan carries
 * @returns the decoder
 */
export function progressiveBlock(reader: BitReader, range: ScanRange): ProgressiveDecoder {
  let endRun = 0;
  const { first, last, before, bit } = range;

  function dc(component: Component, coefficients: Int16Array, at: number): void {
    if (before > 0) {
      coefficients[at] |= reader.take(1) << bit;
      return;
    }
    const size = (component.dcTable as HuffmanTable).decode(reader);
    if (size > 15) refuse("it is damaged: its pixel data holds an impossible value");
    component.predictor += reader.takeSigned(size);
    coefficients[at] = component.predictor << bit;
  }

  function acFirst(table: HuffmanTable, coefficients: Int16Array, at: number): void {
    if (endRun > 0) {
      endRun--;
      return;
    }
    for (let k = first; k <= last; k++) {
      const symbol = table.decode(reader);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        endRun = (1 << run) + reader.take(run) - 1;
        return;
      }
      k += run;
      if (size === 0) continue;
      if (k > last) refuse("it is damaged: its pixel data runs over a block");
      coefficients[at + rowOrder[k]] = reader.takeSigned(size) << bit;
    }
  }

  function acRefine(table: HuffmanTable, coefficients: Int16Array, at: number): void {
    let k = first;
    if (endRun === 0) {
      for (; k <= last; k++) {
        const symbol = table.decode(reader);
        let run = symbol >> 4;
        const size = symbol & 15;
        if (size > 1) refuse("it is damaged: its pixel data holds an impossible value");
        if (size === 0 && run < 15) {
          endRun = (1 << run) + reader.take(run);
          break;
        }
        const value = size === 0 ? 0 : reader.take(1) === 1 ? 1 << bit : -1 << bit;
        for (; k <= last; k++) {
          const index = at + rowOrder[k];
          if (coefficients[index] !== 0) refineOne(coefficients, index);
          else if (run-- === 0) {
            coefficients[index] = value;
            break;
          }
        }
      }
    }
    if (endRun === 0) return;
    for (; k <= last; k++) {
      const index = at + rowOrder[k];
      if (coefficients[index] !== 0) refineOne(coefficients, index);
    }
    endRun--;
  }

  function refineOne(coefficients: Int16Array, index: number): void {
    const value = coefficients[index];
    if (reader.take(1) === 1 && (value & (1 << bit)) === 0) {
      coefficients[index] = value > 0 ? value + (1 << bit) : value - (1 << bit);
    }
  }

  return {
    decode(component, blockX, blockY) {
      const coefficients = component.coefficients as Int16Array;
      const at = (blockY * component.paddedWide + blockX) * 64;
      if (first === 0) dc(component, coefficients, at);
      else if (before === 0) acFirst(component.acTable as HuffmanTable, coefficients, at);
      else acRefine(component.acTable as HuffmanTable, coefficients, at);
    },
    reset() {
      endRun = 0;
    },
  };
}

import { refuse } from "../limits.js";
import { type BitReader, cutOff } from "./bits.js";
import type { Component } from "./frame.js";
import { type HuffmanTable, lookupBits } from "./huffman.js";
import { flatBlock, inverseDct } from "./inverse-dct.js";
import { rowOrder } from "./zigzag.js";

const lookupMask = (1 << lookupBits) - 1;

/**
 * The decoder for the blocks of a sequential scan (ITU T.81, annex F): reads a block's coefficients and writes its samples.
 *
 * @param reader - the scan's bits
 * @returns the function that decodes the block of a component at a place in its padded block grid
 */
export function sequentialBlock(
  reader: BitReader,
): (component: Component, blockX: number, blockY: number) => void {
  const block = new Int16Array(64);
  return (component, blockX, blockY) => {
    const rowLength = component.paddedWide * 8;
    const to = blockY * 8 * rowLength + blockX * 8;
    const quant = component.quant as Uint16Array;
    const size = (component.dcTable as HuffmanTable).decode(reader);
    if (size > 15) refuse("it is damaged: its pixel data holds an impossible value");
    component.predictor += reader.takeSigned(size);
    block[0] = component.predictor;
    if (readCoefficients(reader, component.acTable as HuffmanTable, block)) {
      inverseDct(block, 0, quant, component.samples, to, rowLength);
      block.fill(0);
    } else {
      flatBlock(block[0], quant, component, to);
    }
  };
}

/** Reads all coefficients but the first; returns whether any of them was sent. */
function readCoefficients(reader: BitReader, table: HuffmanTable, block: Int16Array): boolean {
  const { lookup, values } = table;
  let { bits, count } = reader;
  let sent = false;
  for (let k = 1; k < 64; k++) {
    if (count < 16) {
      reader.bits = bits;
      reader.count = count;
      reader.fill();
      bits = reader.bits;
      count = reader.count;
    }
    const beginning = (bits >>> (count - lookupBits)) & lookupMask;
    const whole = values[beginning];
    if (whole !== 0) {
      count -= whole & 255;
      k += (whole >> 8) & 255;
      if (k > 63) return overrun(reader, count);
      block[rowOrder[k]] = whole >> 16;
      sent = true;
      continue;
    }
    let symbol = lookup[beginning];
    if (symbol !== 0) {
      count -= symbol >> 8;
      symbol &= 255;
    } else {
      reader.count = count;
      symbol = table.decodeLong(reader);
      count = reader.count;
    }
    const size = symbol & 15;
    if (size === 0) {
      if (symbol !== 0xf0) break;
      k += 15;
      continue;
    }
    k += symbol >> 4;
    if (k > 63) return overrun(reader, count);
    reader.bits = bits;
    reader.count = count;
    block[rowOrder[k]] = reader.takeSigned(size);
    bits = reader.bits;
    count = reader.count;
    sent = true;
  }
  reader.count = count;
  if (count < reader.padding) cutOff();
  return sent;
}

function overrun(reader: BitReader, count: number): never {
  return count < reader.padding ? cutOff() : refuse("it is damaged: its pixel data runs over a block");
}

import { BitReader } from "./bits.js";
import type { Component, Frame } from "./frame.js";
import { inverseDct } from "./inverse-dct.js";
import { progressiveBlock } from "./progressive.js";
import { sequentialBlock } from "./sequential.js";

/** What a scan carries: which coefficients, and which of their bits. */
export interface ScanRange {
  /** First and last coefficient in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** Position of the bit that was sent before; 0 in a first scan. */
  readonly before: number;
  /** Position of the bit that this scan sends. */
  readonly bit: number;
}

/** Decodes the block of a component at a place in its padded block grid. */
type BlockDecoder = (component: Component, blockX: number, blockY: number) => void;

/**
 * Decodes one scan (ITU T.81, annexes F and G).
 *
 * @param data - the whole file
 * @param position - index of the scan's first entropy-coded byte
 * @param frame - the frame, whose components' samples or coefficients are filled
 * @param components - the components in this scan, with their tables set
 * @param range - what the scan carries
 * @param restartInterval - MCUs between restart markers, 0 for none
 * @returns index of a byte at or before the next marker
 * @throws Error when the data is cut off or damaged
 */
export function decodeScan(
  data: Uint8Array,
  position: number,
  frame: Frame,
  components: readonly Component[],
  range: ScanRange,
  restartInterval: number,
): number {
  const reader = new BitReader(data, position);
  const progressive = frame.progressive ? progressiveBlock(reader, range) : undefined;
  const decode = progressive?.decode ?? sequentialBlock(reader);
  const alone = components.length === 1;
  const wide = alone ? components[0].blocksWide : frame.mcusWide;
  const high = alone ? components[0].blocksHigh : frame.mcusHigh;
  let untilRestart = restartInterval;
  for (const component of components) component.predictor = 0;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      if (restartInterval > 0 && untilRestart-- === 0) {
        reader.restart();
        progressive?.reset();
        for (const component of components) component.predictor = 0;
        untilRestart = restartInterval - 1;
      }
      if (alone) decode(components[0], x, y);
      else decodeMcu(components, x, y, decode);
    }
  }
  return reader.position;
}

function decodeMcu(components: readonly Component[], x: number, y: number, decode: BlockDecoder): void {
  for (const component of components) {
    const { across, down } = component;
    for (let v = 0; v < down; v++) {
      for (let h = 0; h < across; h++) decode(component, x * across + h, y * down + v);
    }
  }
}

/**
 * Turns every coefficient of a progressive component into samples.
 *
 * @param component - the component, after its last scan
 */
export function finishComponent(component: Component): void {
  const { coefficients, paddedWide, blocksWide, blocksHigh, samples, quant } = component;
  if (!coefficients) return;
  const rowLength = paddedWide * 8;
  for (let y = 0; y < blocksHigh; y++) {
    for (let x = 0; x < blocksWide; x++) {
      const at = (y * paddedWide + x) * 64;
      inverseDct(coefficients, at, quant as Uint16Array, samples, y * 8 * rowLength + x * 8, rowLength);
    }
  }
}

import { checkPixels, refuse } from "../limits.js";
import type { HuffmanTable } from "./huffman.js";

/** One color component of a JPEG and its decoded samples. */
export interface Component {
  readonly id: number;
  /** Samples per MCU across and down. */
  readonly across: number;
  readonly down: number;
  readonly quantIndex: number;
  /** Size in samples, without padding. */
  readonly width: number;
  readonly height: number;
  /** Size in 8 x 8 blocks, without and with padding to whole MCUs. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  readonly paddedWide: number;
  readonly paddedHigh: number;
  /** Uint8ClampedArray, 8 paddedHigh x 8 paddedWide samples. */
  readonly samples: Uint8ClampedArray;
  /** The same samples, four a word. */
  readonly words: Uint32Array;
  /** Progressive only: 64 coefficients per padded block. */
  readonly coefficients: Int16Array | undefined;
  /** Taken over at the component's first scan. */
  quant: Uint16Array | undefined;
  dcTable: HuffmanTable | undefined;
  acTable: HuffmanTable | undefined;
  predictor: number;
}

/** The geometry of a JPEG. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  /** Largest sampling factors of any component. */
  readonly maxAcross: number;
  readonly maxDown: number;
  readonly mcusWide: number;
  readonly mcusHigh: number;
  readonly components: readonly Component[];
}

/**
 * Reads a frame header (ITU T.81, B.2.2) and makes room for its samples.
 *
 * @param segment - the header without its marker and length
 * @param progressive - whether coefficients come in several scans
 * @param fileBytes - size of the file, which must be able to hold that many pixels
 * @returns the frame
 * @throws Error when the header is impossible or of an unsupported kind
 */
export function readFrame(segment: Uint8Array, progressive: boolean, fileBytes: number): Frame {
  if (segment.length < 6 || segment.length < 6 + 3 * segment[5]) refuse("it ends inside its header");
  if (segment[0] !== 8) refuse(`it has ${segment[0]} bits a channel; JPEG files of 8 are read`);
  const height = (segment[1] << 8) | segment[2];
  const width = (segment[3] << 8) | segment[4];
  checkPixels(width, height);
  const count = segment[5];
  if (count !== 1 && count !== 3 && count !== 4) {
    refuse(`it has ${count} channels; grey, color and CMYK (1, 3, 4) are read`);
  }
  const specs = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantIndex] = segment.subarray(6 + 3 * i, 9 + 3 * i);
    return { id, across: sampling >> 4, down: sampling & 15, quantIndex };
  });
  const maxAcross = Math.max(...specs.map((s) => s.across));
  const maxDown = Math.max(...specs.map((s) => s.down));
  for (const { across, down } of specs) {
    const valid = across >= 1 && across <= 4 && down >= 1 && down <= 4;
    if (!valid || maxAcross % across !== 0 || maxDown % down !== 0) {
      refuse("its channels are sampled in an unsupported ratio");
    }
  }
  const mcusWide = Math.ceil(width / (8 * maxAcross));
  const mcusHigh = Math.ceil(height / (8 * maxDown));
  const blocks = specs.reduce((sum, s) => sum + mcusWide * s.across * mcusHigh * s.down, 0);
  if (fileBytes * 8 < blocks) {
    refuse(`it is cut off: ${fileBytes} bytes cannot hold ${width} x ${height} pixels`);
  }
  const components = specs.map((spec) => {
    const sampledWidth = Math.ceil((width * spec.across) / maxAcross);
    const sampledHeight = Math.ceil((height * spec.down) / maxDown);
    const paddedWide = mcusWide * spec.across;
    const paddedHigh = mcusHigh * spec.down;
    const samples = new Uint8ClampedArray(paddedWide * paddedHigh * 64);
    return {
      ...spec,
      width: sampledWidth,
      height: sampledHeight,
      blocksWide: Math.ceil(sampledWidth / 8),
      blocksHigh: Math.ceil(sampledHeight / 8),
      paddedWide,
      paddedHigh,
      samples,
      words: new Uint32Array(samples.buffer),
      coefficients: progressive ? new Int16Array(paddedWide * paddedHigh * 64) : undefined,
      quant: undefined,
      dcTable: undefined,
      acTable: undefined,
      predictor: 0,
    };
  });
  return { width, height, progressive, maxAcross, maxDown, mcusWide, mcusHigh, components };
}

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Image } from "../core/image.js";
import { checkPixels, refuse } from "./limits.js";
import { exifOrientation, turn } from "./orientation.js";
import { flatten } from "./samples.js";

type WebpModule = typeof import("@jsquash/webp/decode.js");

let compiled: Promise<WebAssembly.Module> | undefined;

/** A fresh instance; thrown away when a file broke it. */
let decoder: Promise<WebpModule> | undefined;

/**
 * Reads a still WebP picture, lossy or lossless, with libwebp compiled to WebAssembly.
 *
 * @param bytes - the whole file
 * @returns an RGB image; alpha is composited on white
 * @throws Error with the reason as its message, also for files that lack a part
 */
export async function decodeWebp(bytes: Uint8Array): Promise<Image> {
  const exif = checkChunks(bytes);
  decoder ??= loadDecoder();
  const { default: decode } = await decoder;
  let decoded: { width: number; height: number; data: Uint8ClampedArray };
  try {
    decoded = await decode(bytes.slice().buffer);
  } catch {
    decoder = undefined;
    return refuse("it is damaged: its pixel data cannot be decoded");
  }
  const { width, height, data } = decoded;
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return turn({ width, height, ...flatten(rgba, 3) }, exif ? exifOrientation(exif) : 1);
}

async function loadDecoder(): Promise<WebpModule> {
  compiled ??= compile();
  const module = await import("@jsquash/webp/decode.js");
  await module.init(await compiled);
  return module;
}

async function compile(): Promise<WebAssembly.Module> {
  const { resolve } = createRequire(import.meta.url);
  return WebAssembly.compile(await readFile(resolve("@jsquash/webp/codec/dec/webp_dec.wasm")));
}

/** Checks the container and every size in it, and finds the EXIF data. */
function checkChunks(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) refuse(`it is cut off: it should have ${end} bytes and has ${bytes.length}`);
  let exif: Uint8Array | undefined;
  let pictures = 0;
  for (let at = 12; at + 8 <= end; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    if (chunk.length < length) refuse(`it is cut off: its ${name.trim()} chunk is incomplete`);
    if (name === "VP8X" && (chunk[0] & 2) !== 0) refuse("it is an animation; save one picture of it");
    if (name === "VP8X") checkPixels(1 + read24(chunk, 4), 1 + read24(chunk, 7));
    if (name === "VP8 ") checkPixels(read16(chunk, 6) & 0x3fff, read16(chunk, 8) & 0x3fff);
    if (name === "VP8L") {
      const size = read24(chunk, 1) | (chunk[4] << 24);
      checkPixels(1 + (size & 0x3fff), 1 + ((size >> 14) & 0x3fff));
    }
    if (name === "VP8 " || name === "VP8L") pictures++;
    if (name === "EXIF") exif = chunk;
    at += 8 + length + (length % 2);
  }
  if (pictures !== 1) refuse("it holds no picture");
  return exif;
}

function read16(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function read24(bytes: Uint8Array, at: number): number {
  return read16(bytes, at) | (bytes[at + 2] << 16);
}

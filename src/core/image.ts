/** An 8-bit image: grey (1 channel) or RGB (3 channels). */
export interface Image {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** 1 for grey, 3 for RGB. */
  readonly channels: 1 | 3;
  /** Uint8Array, height x width x channels, rows from the top, channels interleaved. */
  readonly data: Uint8Array;
}

/** Where an image's pixels come from: already in memory, or an encoded file to decode when it is needed. */
export type ImageSource =
  | { readonly kind: "pixels"; readonly image: Image }
  | { readonly kind: "file"; readonly path: string };

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

/** What resizing does to the proportions of an image that is not square: keeps them, or stretches it to a square. */
export type Aspect = "keep" | "stretch";

/** A part of a picture, resized to a square. */
export interface Crop {
  /** First column. */
  readonly left: number;
  /** First row. */
  readonly top: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Side of the square to which the part is resized, in pixels. */
  readonly size: number;
}

/**
 * Where an image's pixels come from: already in memory, or an encoded file to decode when it is needed; with the
 * aspect that its data set's published protocol asks for, default "keep".
 */
export type ImageSource = (
  | { readonly kind: "pixels"; readonly image: Image }
  | { readonly kind: "file"; readonly path: string; readonly crop?: Crop }
) & {
  readonly aspect?: Aspect;
  /** Whether the image is turned left to right, default false. */
  readonly mirrored?: boolean;
};

/** Where an anomaly lies in an image. */
export interface Mask {
  /** Columns, those of the image. */
  readonly width: number;
  /** Rows, those of the image. */
  readonly height: number;
  /** Uint8Array, height x width: 1 where the image is anomalous, else 0. */
  readonly data: Uint8Array;
}

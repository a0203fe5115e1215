import { encode } from "fast-png";

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** The part of a 2D canvas that plotly.js needs to draw heatmaps: filled rectangles and pixel blocks. */
export class PixelCanvas {
  /** Fill color as `rgb()`, `rgba()` or `#rrggbb`. */
  fillStyle = "#000000";
  readonly #pixels: Pixels;

  /**
   * @param width - width in pixels
   * @param height - height in pixels
   */
  constructor(width: number, height: number) {
    this.#pixels = this.createImageData(width, height);
  }

  /**
   * @param width - width in pixels
   * @param height - height in pixels
   * @returns transparent pixels, RGBA
   */
  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  /** Fills a rectangle with `fillStyle`. */
  fillRect(x: number, y: number, width: number, height: number): void {
    const color = rgba(this.fillStyle);
    const { width: w, height: h, data } = this.#pixels;
    const right = Math.min(w, Math.round(x + width));
    const bottom = Math.min(h, Math.round(y + height));
    for (let j = Math.max(0, Math.round(y)); j < bottom; j++) {
      for (let i = Math.max(0, Math.round(x)); i < right; i++) data.set(color, (j * w + i) * 4);
    }
  }

  /** Copies a block of pixels to a position. */
  putImageData(block: Pixels, x: number, y: number): void {
    const { width: w, height: h, data } = this.#pixels;
    for (let j = 0; j < block.height && y + j < h; j++) {
      for (let i = 0; i < block.width && x + i < w; i++) {
        const from = (j * block.width + i) * 4;
        data.set(block.data.subarray(from, from + 4), ((y + j) * w + x + i) * 4);
      }
    }
  }

  /** Makes everything transparent. */
  clearRect(): void {
    this.#pixels.data.fill(0);
  }

  /** @returns the picture as a PNG data URI */
  toDataURL(): string {
    const { width, height, data } = this.#pixels;
    return `data:image/png;base64,${Buffer.from(encode({ width, height, data, channels: 4 })).toString("base64")}`;
  }
}

function rgba(color: string): number[] {
  const list = /^rgba?\(([^)]*)\)/.exec(color);
  if (list) {
    const [r, g, b, a = 1] = list[1].split(",").map(Number);
    return [r, g, b, Math.round(a * 255)];
  }
  const hex = /^#(..)(..)(..)/.exec(color);
  return hex ? [...hex.slice(1, 4).map((digits) => Number.parseInt(digits, 16)), 255] : [0, 0, 0, 255];
}

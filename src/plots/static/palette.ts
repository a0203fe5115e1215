/** Pixels as positions in a list of at most 256 colors. */
export interface Indexed {
  /** Uint8Array, one position a pixel. */
  readonly indices: Uint8Array;
  /** Red, green, blue of each color, 0 to 255. */
  readonly colors: [number, number, number][];
}

interface Cell {
  /** Sums of red, green, blue and the number of pixels. */
  readonly sums: Float64Array;
  /** Sum of squares over the three channels. */
  squares: number;
  readonly key: number;
}

const exactShare = 0.002;

/**
 * Reduces opaque pixels to a palette. Up to `size` different colors are kept as they are; else the colors that cover at
 * least 0.2 % of the picture are kept and the rest are split, always where the squared error is largest, at the mean.
 *
 * @param pixels - RGBA, alpha ignored
 * @param size - largest number of colors, 2 to 256
 * @returns positions and colors
 */
export function toPalette(pixels: Uint8Array, size: number): Indexed {
  const n = pixels.length / 4;
  const words = wordsOf(pixels);
  const counts = countRuns(words);
  const exact =
    counts.size <= size
      ? [...counts.keys()].sort((a, b) => a - b)
      : [...counts]
          .filter(([, count]) => count >= exactShare * n)
          .sort((a, b) => b[1] - a[1] || a[0] - b[0])
          .slice(0, size / 4)
          .map(([word]) => word);
  const place = new Map(exact.map((word, i) => [word, i]));
  const colors = exact.map(split);
  if (counts.size > size) {
    for (const word of exact) counts.delete(word);
    for (const box of splitBoxes(cellsOf(counts), size - exact.length)) {
      const total = totalOf(box);
      const mean = [0, 1, 2].map((c) => Math.round(total.sums[c] / total.sums[3]));
      for (const cell of box) place.set(cell.key | cellMark, colors.length);
      colors.push(mean as [number, number, number]);
    }
  }
  const indices = new Uint8Array(n);
  for (let i = 0, previous = -1, index = 0; i < n; i++) {
    const word = words[i];
    if (word !== previous) index = place.get(word) ?? place.get(cellKey(word) | cellMark)!;
    indices[i] = index;
    previous = word;
  }
  return { indices, colors };
}

function wordsOf(pixels: Uint8Array): Uint32Array {
  const words = new Uint32Array(pixels.length / 4);
  for (let i = 0; i < words.length; i++) {
    words[i] = (pixels[4 * i] << 16) | (pixels[4 * i + 1] << 8) | pixels[4 * i + 2];
  }
  return words;
}

function countRuns(words: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (let start = 0, i = 1; i <= words.length; i++) {
    if (i < words.length && words[i] === words[start]) continue;
    counts.set(words[start], (counts.get(words[start]) ?? 0) + i - start);
    start = i;
  }
  return counts;
}

const cellMark = 1 << 24;

function split(word: number): [number, number, number] {
  return [word >> 16, (word >> 8) & 255, word & 255];
}

function cellKey(word: number): number {
  return word & 0xfcfcfc;
}

function cellsOf(counts: Map<number, number>): Cell[] {
  const cells = new Map<number, Cell>();
  for (const [word, count] of counts) {
    const key = cellKey(word);
    const cell = cells.get(key) ?? { sums: new Float64Array(4), squares: 0, key };
    cells.set(key, cell);
    const rgb = split(word);
    for (let c = 0; c < 3; c++) {
      cell.sums[c] += count * rgb[c];
      cell.squares += count * rgb[c] ** 2;
    }
    cell.sums[3] += count;
  }
  return [...cells.values()].sort((a, b) => a.key - b.key);
}

function totalOf(cells: readonly Cell[]): Cell {
  const total: Cell = { sums: new Float64Array(4), squares: 0, key: 0 };
  for (const cell of cells) {
    for (let c = 0; c < 4; c++) total.sums[c] += cell.sums[c];
    total.squares += cell.squares;
  }
  return total;
}

function errorOf(cells: readonly Cell[]): number {
  if (cells.length < 2) return 0;
  const { sums, squares } = totalOf(cells);
  return squares - (sums[0] ** 2 + sums[1] ** 2 + sums[2] ** 2) / sums[3];
}

function splitBoxes(cells: Cell[], size: number): Cell[][] {
  const boxes = cells.length > 0 ? [{ cells, error: errorOf(cells) }] : [];
  while (boxes.length < size) {
    let worst = 0;
    for (let i = 1; i < boxes.length; i++) if (boxes[i].error > boxes[worst].error) worst = i;
    if (!boxes[worst] || boxes[worst].error <= 0) break;
    const halves = halve(boxes[worst].cells);
    boxes.splice(worst, 1, ...halves.map((half) => ({ cells: half, error: errorOf(half) })));
  }
  return boxes.map((box) => box.cells);
}

function halve(cells: readonly Cell[]): Cell[][] {
  const { sums } = totalOf(cells);
  const mean = [0, 1, 2].map((c) => sums[c] / sums[3]);
  const value = (cell: Cell, c: number) => cell.sums[c] / cell.sums[3];
  const spread = [0, 1, 2].map((c) =>
    cells.reduce((sum, cell) => sum + cell.sums[3] * (value(cell, c) - mean[c]) ** 2, 0),
  );
  const axis = spread.indexOf(Math.max(...spread));
  const low = cells.filter((cell) => value(cell, axis) <= mean[axis]);
  const high = cells.filter((cell) => value(cell, axis) > mean[axis]);
  return high.length > 0 && low.length > 0 ? [low, high] : [cells.slice(0, 1), cells.slice(1)];
}

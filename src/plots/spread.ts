/**
 * Moves positions apart, as little as needed.
 *
 * @param wanted - wanted positions
 * @param gap - smallest distance between neighbors
 * @param low - smallest position
 * @param high - largest position
 * @returns positions in the order of `wanted`; where the room is too small they end evenly spaced from `low`
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const placed = wanted.slice();
  let floor = low;
  for (const i of order) {
    placed[i] = Math.max(placed[i], floor);
    floor = placed[i] + gap;
  }
  let ceiling = high;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i], ceiling);
    ceiling = placed[i] - gap;
  }
  const lowest = Math.min(...placed);
  return lowest < low ? placed.map((position) => position + low - lowest) : placed;
}

/** A label of which the middle and the size are known, in pixels. */
export interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Moves labels up and down until none covers another.
 *
 * @param boxes - where the labels want to be
 * @param height - height available, in pixels
 * @returns the middle of each label in y; with very many labels some may still touch
 */
export function separate(boxes: readonly LabelBox[], height: number): number[] {
  const y = boxes.map((box) => box.y);
  for (let round = 0; round < 100; round++) {
    let moved = false;
    for (let i = 0; i < boxes.length; i++) {
      for (let j = 0; j < i; j++) {
        const apart = Math.abs(boxes[i].x - boxes[j].x) >= (boxes[i].width + boxes[j].width) / 2;
        const overlap = (boxes[i].height + boxes[j].height) / 2 - Math.abs(y[i] - y[j]);
        if (apart || overlap <= 0.01) continue;
        const up = y[i] >= y[j] ? i : j;
        y[up] += overlap / 2;
        y[up === i ? j : i] -= overlap / 2;
        moved = true;
      }
    }
    boxes.forEach((box, i) => {
      y[i] = Math.min(height - box.height / 2, Math.max(box.height / 2, y[i]));
    });
    if (!moved) break;
  }
  return y;
}

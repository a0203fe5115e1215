/** Row-order index of each coefficient in zigzag order (ITU T.81, figure A.6). */
export const rowOrder = makeRowOrder();

function makeRowOrder(): Uint8Array {
  const order = new Uint8Array(64);
  let k = 0;
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    const low = Math.max(0, diagonal - 7);
    const high = Math.min(7, diagonal);
    for (let i = low; i <= high; i++) {
      const y = diagonal % 2 === 0 ? high + low - i : i;
      order[k++] = y * 8 + (diagonal - y);
    }
  }
  return order;
}

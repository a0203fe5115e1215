import { colors } from "./theme.js";

/** A rectangle in figure pixels, y downwards. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Covers what lies between the images of a picture, which itself is white there, so that a dark page can give it another color.
 *
 * @param area - where the picture is
 * @param holes - where its images are
 * @returns a trace, to be drawn before all others
 */
export function paper(area: Rectangle, holes: readonly Rectangle[]): object {
  const outer = corners({
    ...area,
    left: area.left - 1,
    top: area.top - 1,
    width: area.width + 2,
    height: area.height + 2,
  });
  const rings = [outer, ...holes.map((hole) => corners(hole).reverse())];
  const axis = (at: 0 | 1) =>
    rings.flatMap((ring, i) => [...(i > 0 ? [null] : []), ...ring.map((corner) => corner[at])]);
  return {
    type: "scatter",
    mode: "lines",
    x: axis(0),
    y: axis(1),
    fill: "toself",
    fillcolor: colors.paper,
    line: { width: 0, simplify: false },
    hoverinfo: "skip",
  };
}

function corners({ left, top, width, height }: Rectangle): [number, number][] {
  const [right, bottom] = [left + width, top + height];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
}

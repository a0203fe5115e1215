import { label } from "./label.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, dashes, series, translucent, wordColor } from "./theme.js";

/** A corner of the area inside the axes. */
export interface Corner {
  readonly right: boolean;
  readonly top: boolean;
}

/** Values of curves and the room for them. */
export interface CurveLegend {
  /** What the values are. */
  readonly valueName: string;
  /** Their unit, where they have one. */
  readonly valueUnit?: string;
  /** Value, interval and name of each curve. */
  readonly rows: readonly {
    readonly value: string;
    readonly name: string;
    /** Ends of its 95 % interval. */
    readonly interval?: readonly string[];
  }[];
  /** Points of the curves, as fractions of the width and the height from the lower left. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Corners in which the rows may stand, the preferred one first. */
  readonly corners: readonly Corner[];
  /** Width of the area inside the axes, in pixels. */
  readonly width: number;
  /** Height of the area inside the axes, in pixels. */
  readonly height: number;
}

const size = 13;
const onlySize = 16;
const rowHeight = 20;
const sampleWidth = 26;
const inset = 14;

/**
 * Writes the values of curves inside the axes, in the corner that fewest points of the curves reach: one value alone,
 * several as a list beside samples of the lines.
 *
 * @param legend - values and the room for them
 * @returns annotations and shapes of a layout
 */
export function curveLegend(legend: CurveLegend): { annotations: object[]; shapes: object[] } {
  const { valueName, valueUnit, rows } = legend;
  if (rows.length === 1) {
    const text = [valueName, rows[0].value, valueUnit].filter(Boolean).join(" ");
    const { interval } = rows[0];
    const below = interval ? [`95 % interval ${interval.join(" to ")}`] : [];
    const box = placed(
      legend,
      Math.max(textWidth(text, onlySize, "bold"), ...below.map((said) => textWidth(said, size))),
      (1 + below.length) * rowHeight,
    );
    return {
      annotations: [
        line(box, 0, `<b>${label(text)}</b>`, series[0], onlySize),
        ...below.map((said) => line(box, 1, label(said), colors.quiet, size)),
      ],
      shapes: [],
    };
  }
  const hasIntervals = rows.some(({ interval }) => interval);
  const heading = `${valueUnit ? `${valueName} (${valueUnit})` : valueName}${hasIntervals ? " [95 % interval]" : ""}`;
  const indent = sampleWidth + 8;
  const room = (hasIntervals ? 0.8 : 0.64) * legend.width - indent;
  const texts = rows.map(({ value, interval, name }) =>
    fitText(`${value}${interval ? ` [${interval.join(", ")}]` : ""} ${name}`, room, size, { keep: "start" }),
  );
  const box = placed(
    legend,
    indent + Math.max(...[...texts, heading].map((text) => textWidth(text, size))),
    (rows.length + 1) * rowHeight,
  );
  const inner = { ...box, left: box.left + indent / legend.width };
  return {
    annotations: [
      line(inner, 0, label(heading), colors.quiet, size),
      ...texts.map((text, i) => line(inner, i + 1, label(text), series[i % series.length], size)),
    ],
    shapes: rows.map((_, i) => ({
      type: "line",
      xref: "paper",
      yref: "paper",
      x0: box.left,
      x1: box.left + sampleWidth / legend.width,
      y0: box.middle(i + 1),
      y1: box.middle(i + 1),
      line: { color: series[i % series.length], width: 2.25, dash: dashes[i % dashes.length] },
    })),
  };
}

interface Box {
  /** Left edge, as a fraction of the width inside the axes. */
  readonly left: number;
  /** Middle of a row, counted from the top, as a fraction of the height. */
  middle(row: number): number;
}

function line(box: Box, row: number, text: string, color: string, fontSize: number): object {
  return {
    text,
    x: box.left,
    xref: "paper",
    xanchor: "left",
    y: box.middle(row),
    yref: "paper",
    yanchor: "middle",
    borderpad: 0,
    font: { size: fontSize, color: wordColor(color) },
    ...(fontSize === size ? { bgcolor: translucent(colors.paper, 0.75) } : {}),
  };
}

function placed(legend: CurveLegend, boxWidth: number, boxHeight: number): Box {
  const { width, height } = legend;
  const corner = emptiest(legend, boxWidth + 2 * inset, boxHeight + 2 * inset);
  const left = corner.right ? width - inset - boxWidth : inset;
  const top = corner.top ? height - inset : inset + boxHeight;
  return { left: left / width, middle: (row) => (top - (row + 0.5) * rowHeight) / height };
}

function emptiest(
  { points, corners, width, height }: CurveLegend,
  boxWidth: number,
  boxHeight: number,
): Corner {
  const inside = ({ right, top }: Corner) =>
    points.filter(
      ([x, y]) => (right ? 1 - x : x) * width < boxWidth && (top ? 1 - y : y) * height < boxHeight,
    ).length;
  return corners.reduce((best, corner) => (inside(corner) < inside(best) ? corner : best));
}

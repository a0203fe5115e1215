import type { FigureMark, FigureSpec } from "../../explorer-model.js";
import { markLine } from "./frame.js";

interface Layout {
  readonly xaxis?: { readonly type?: string; readonly range?: readonly [number, number] };
  readonly annotations?: readonly object[];
  readonly shapes?: readonly object[];
}

/**
 * A figure whose mark is part of it, for pictures; pages draw the mark themselves.
 *
 * @param spec - the figure
 * @returns traces and layout for plotly
 */
export function withMark({ data, layout, mark }: FigureSpec): Pick<FigureSpec, "data" | "layout"> {
  if (!mark) return { data, layout };
  const { xaxis, annotations = [], shapes = [] } = layout as Layout;
  const x = xaxis?.type === "log" ? Math.log10(mark.x) : mark.x;
  const [low, high] = xaxis?.range ?? [x, x];
  const onLeft = x > (low + high) / 2;
  const text = {
    showarrow: false,
    borderpad: 1,
    text: mark.text,
    x,
    xanchor: onLeft ? "right" : "left",
    xshift: onLeft ? -3 : 3,
    y: 1,
    yref: "paper",
    yanchor: "top",
  };
  const line = { ...markLine, width: 1.5 };
  const shape = { type: "line", layer: "below", x0: mark.x, x1: mark.x, y0: 0, y1: 1, yref: "paper", line };
  return {
    data: [...data, ...mark.points.map((point) => pointTrace(mark, point))],
    layout: { ...layout, annotations: [...annotations, text], shapes: [...shapes, shape] },
  };
}

function pointTrace({ x }: FigureMark, { y, color }: FigureMark["points"][number]): object {
  return {
    type: "scatter",
    mode: "markers",
    x: [x],
    y: [y],
    marker: { color, size: 10, line: { color: "#FFFFFF", width: 1.5 } },
    cliponaxis: false,
    hoverinfo: "skip",
  };
}

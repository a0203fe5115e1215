import { checkOptions } from "../core/options.js";
import { Figure } from "./figure.js";
import { band, endLabels, labelSize } from "./interval-curves.js";
import { label, shortLabel } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, dashes, series } from "./theme.js";

/** False alarms that were counted at several promised rates, in several repetitions. */
export interface FalseAlarmCurve {
  /** How the thresholds were set. */
  readonly name: string;
  /** Promised false-alarm rates, as fractions, ascending. */
  readonly promised: readonly number[];
  /** For each promised rate the share of normal images that were called anomalies, one value a repetition. */
  readonly kept: readonly ArrayLike<number>[];
}

/**
 * False-alarm rates that were promised against those that were kept: the mean over the repetitions, and a band that holds 95 %
 * of them. The dotted line is where both are equal.
 *
 * @param curves - at least one
 * @param options - title and size
 * @returns the figure
 * @throws RangeError when there is no curve or rate, or a curve has not the same number of lists as of rates
 */
export function plotFalseAlarms(curves: readonly FalseAlarmCurve[], options: FigureOptions = {}): Figure {
  checkOptions("plotFalseAlarms", options, figureOptionKeys);
  const { title = "False alarms, promised and kept" } = options;
  const lines = curves.map(summed);
  if (lines.length === 0) throw new RangeError("plotFalseAlarms needs at least one curve; got none");
  const names = lines.map(({ name }) => fitText(name, 220, labelSize));
  const margin = { r: 20 + Math.max(...[...names, "as promised"].map((text) => textWidth(text, labelSize))) };
  const { size, heading, innerHeight } = frame(options, { title, margin });
  const largest = 100 * Math.max(...lines.flatMap(({ x }) => x));
  const top = 1.05 * Math.max(largest, ...lines.flatMap(({ high }) => high));
  const range = [0, top];
  return new Figure(
    [
      ...lines.map(({ x, low, high }, i) =>
        band(
          x.map((rate) => 100 * rate),
          { low, high },
          i,
        ),
      ),
      {
        type: "scatter",
        mode: "lines",
        x: [0, largest],
        y: [0, largest],
        line: { color: colors.ink, width: 1.25, dash: "dot" },
        hoverinfo: "skip",
      },
      ...lines.map(({ name, x, mean, low, high }, i) => ({
        type: "scatter",
        mode: "lines+markers",
        name: label(name),
        x: x.map((rate) => 100 * rate),
        y: mean,
        line: { color: series[i % series.length], width: 2, dash: dashes[i % dashes.length] },
        marker: { size: 5 },
        customdata: x.map((_, at) => `[${low[at].toFixed(1)}, ${high[at].toFixed(1)}]`),
        cliponaxis: false,
        hovertemplate: `<b>${shortLabel(name)}</b><br>promised %{x:.1f} %<br>kept %{y:.2f} %, 95 % of repetitions %{customdata}<extra></extra>`,
      })),
    ],
    {
      ...size,
      xaxis: {
        title: { text: "Promised false-alarm rate (% of normal images)" },
        range: [0, 1.02 * largest],
      },
      yaxis: { title: { text: "Kept: normal images called anomalies (%)" }, range },
      annotations: [
        ...heading,
        ...endLabels(
          [...names, "as promised"].map((name) => ({ name })),
          [...lines.map(({ mean }) => mean[mean.length - 1]), largest],
          range,
          innerHeight,
          [...lines.map((_, i) => series[i % series.length]), colors.ink],
        ),
      ],
    },
    `${title}: ${lines.map(inWords).join("; ")}`,
  );
}

interface Line {
  readonly name: string;
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Per cent: mean and the middle 95 % of the repetitions. */
function summed({ name, promised, kept }: FalseAlarmCurve): Line {
  if (promised.length === 0 || kept.length !== promised.length || kept.some(({ length }) => length === 0)) {
    throw new RangeError(
      `${name} needs one list of counted shares for each promised rate; got ${promised.length} rates and ${kept.length} lists`,
    );
  }
  const sorted = kept.map((values) => Float64Array.from(values, (value) => 100 * value).sort());
  const quantile = (values: Float64Array, share: number) => values[Math.round(share * (values.length - 1))];
  return {
    name,
    x: promised,
    mean: sorted.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    low: sorted.map((values) => quantile(values, 0.025)),
    high: sorted.map((values) => quantile(values, 0.975)),
  };
}

function inWords({ name, x, mean }: Line): string {
  const pairs = x.map((rate, i) => `${mean[i].toFixed(2)} % for ${Number((100 * rate).toFixed(2))} %`);
  return `${name}: kept ${pairs.join(", ")}`;
}

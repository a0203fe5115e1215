import { escapeHtml } from "../core/display.js";
import { Figure } from "../plots/figure.js";
import { plainLine } from "../plots/label.js";
import { drawnFamily, fitText } from "../plots/static/fonts.js";
import { wrapText } from "../plots/static/wrap.js";
import { colors } from "../plots/theme.js";
import type { ExplorerModel, ExplorerView, Gallery, Settings } from "./explorer-model.js";
import { withMark } from "./models/figures/with-mark.js";
import { valueText } from "./settings.js";
import type { Thumbnails } from "./thumbnails.js";

const width = 960;
const edge = 16;
const gap = 12;
const room = width - 2 * edge;
const side = 72;
const tileStep = side + 8;
const tilesInRow = Math.floor((room + 8) / tileStep);

interface Block {
  readonly svg: string;
  readonly height: number;
}

/**
 * Draws what an explorer shows, for places that run no programs.
 *
 * @param model - the explorer
 * @param settings - values of its controls
 * @param thumbnails - makes the pictures of galleries
 * @returns an SVG document, 960 pixels wide
 */
export async function explorerSvg(
  model: ExplorerModel,
  settings: Settings,
  thumbnails: Thumbnails,
): Promise<string> {
  const view = model.view(settings);
  const blocks = [heading(model, settings, view), ...(await figures(view))];
  for (const gallery of thumbnails.any ? view.galleries : []) blocks.push(await row(gallery, thumbnails));
  let y = edge;
  const parts = blocks.map(({ svg, height }) => {
    const placed = moved(svg, edge, y);
    y += height + gap;
    return placed;
  });
  const height = Math.ceil(y - gap + edge);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${colors.paper}"/>${parts.join("")}</svg>`
  );
}

function heading(model: ExplorerModel, settings: Settings, view: ExplorerView): Block {
  const values = model.controls.map(
    (control) => `${control.label}: ${valueText(control, settings[control.name])}`,
  );
  const above = stacked([
    ...lines(model.title, room, 17, colors.ink),
    ...lines(values.join("; "), room, 13, colors.quiet),
  ]);
  const column = room / Math.max(1, view.readouts.length);
  const readouts = view.readouts.map(({ label, value, detail = "" }) =>
    stacked([
      ...lines(label, column - gap, 12, colors.quiet),
      ...lines(value, column - gap, 17, colors.ink),
      ...lines(detail, column - gap, 11, colors.quiet),
    ]),
  );
  const middle = Math.max(0, ...readouts.map(({ height }) => height));
  const below = stacked(view.notes.flatMap((note) => lines(note, room, 12, colors.quiet)));
  const parts = readouts.map(({ svg }, i) => moved(svg, i * column, above.height + 6));
  const top = above.height + 6 + middle;
  return { svg: `${above.svg}${parts.join("")}${moved(below.svg, 0, top)}`, height: top + below.height };
}

interface Line {
  readonly text: string;
  readonly size: number;
  readonly color: string;
}

function lines(text: string, width: number, size: number, color: string): Line[] {
  const plain = plainLine(text);
  return plain === "" ? [] : wrapText(plain, width, size).map((part) => ({ text: part, size, color }));
}

function stacked(all: readonly Line[]): Block {
  let y = 0;
  const svg = all.map(({ text, size, color }) => {
    y += size * 1.35;
    return line(text, 0, y - size * 0.3, size, color);
  });
  return { svg: svg.join(""), height: y };
}

function moved(svg: string, x: number, y: number): string {
  return `<g transform="translate(${x} ${y})">${svg}</g>`;
}

function line(text: string, x: number, y: number, size: number, color: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${color}" font-family="${drawnFamily}">${escapeHtml(text)}</text>`;
}

async function figures(view: ExplorerView): Promise<Block[]> {
  const blocks: Block[] = [];
  for (let i = 0; i < view.figures.length; i += 2) {
    const pair = view.figures.slice(i, i + 2);
    const each = pair.length === 1 && i > 0 ? room : (room - gap) / 2;
    const drawn = [];
    for (const spec of pair) {
      const { data, layout } = withMark(spec);
      const figure = new Figure(data, { height: 320, ...layout, width: Math.round(each) }, spec.alt);
      drawn.push({ svg: await figure.svg(), height: figure.layout.height });
    }
    const svg = drawn.map((one, j) => moved(ownNames(one.svg, `f${i + j}`), j * (each + gap), 0));
    blocks.push({ svg: svg.join(""), height: Math.max(...drawn.map((one) => one.height)) });
  }
  return blocks;
}

/** Several figures in one document may not share names. */
function ownNames(svg: string, prefix: string): string {
  return svg
    .replace(/\bid="([^"]*)"/g, `id="${prefix}$1"`)
    .replace(/url\(#([^)]*)\)/g, `url(#${prefix}$1)`)
    .replace(/href="#([^"]*)"/g, `href="#${prefix}$1"`);
}

async function row(gallery: Gallery, thumbnails: Thumbnails): Promise<Block> {
  const title = line(fitText(plainLine(gallery.title), room, 13, { keep: "start" }), 0, 13, 13, colors.ink);
  const tiles = gallery.tiles.slice(0, tilesInRow);
  const sheet = tiles.length > 0 ? await thumbnails.sheet(tiles) : undefined;
  if (!sheet) return { svg: title + line(plainLine(gallery.empty), 0, 34, 12, colors.quiet), height: 40 };
  const { cell, columns } = sheet;
  const jpeg = Buffer.from(sheet.jpeg).toString("base64");
  const svg = tiles.map((tile, i) => {
    const at = sheet.tiles.findIndex(([set, index]) => set === tile.set && index === tile.index);
    const x = i * tileStep;
    const factor = side / cell;
    const picture =
      at < 0
        ? ""
        : `<svg x="${x}" y="22" width="${side}" height="${side}">` +
          `<image x="${-(at % columns) * side}" y="${-Math.floor(at / columns) * side}" image-rendering="${cell <= 40 ? "pixelated" : "auto"}" ` +
          `width="${sheet.width * factor}" height="${sheet.height * factor}" href="data:image/jpeg;base64,${jpeg}"/></svg>`;
    const color = tile.frame ? colors[tile.frame] : colors.axis;
    const frame = `<rect x="${x}" y="22" width="${side}" height="${side}" fill="none" stroke="${color}" stroke-width="${tile.frame === "anomaly" ? 3 : 1.5}"/>`;
    const caption = stacked(
      tile.caption
        .split(" · ")
        .map((part) => ({ text: fitText(plainLine(part), side + 6, 10), size: 10, color: colors.text })),
    );
    return `${picture}${frame}${moved(caption.svg, x, 22 + side + 3)}`;
  });
  return { svg: title + svg.join(""), height: 22 + side + 32 };
}

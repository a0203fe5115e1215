import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import type { DOMWindow } from "jsdom";
import { Random } from "../../core/random.js";
import { localBox, pageBox, runWidth } from "./boxes.js";
import { PixelCanvas } from "./canvas.js";

/** The part of plotly.js that draws static pictures. */
export interface Plotly {
  newPlot(div: Element, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(div: Element): void;
  /** Says which parts of a specification plotly.js does not understand; undefined when it understands all. */
  validate(data: unknown, layout: unknown): { readonly msg: string }[] | undefined;
  readonly Snapshot: { toSVG(div: Element, format: "svg"): string };
}

/** plotly.js in a page of its own, without a browser. */
export interface PlotlyPage {
  readonly document: Document;
  readonly plotly: Plotly;
  /** Makes plotly.js name the parts of the next drawing as those of every other one. */
  readonly restartNames: () => void;
  /** What plotly.js complained about so far, at most 100 messages. */
  readonly complaints: string[];
}

const require = createRequire(import.meta.url);
let page: PlotlyPage | undefined;

/**
 * Loads plotly.js into a jsdom window at the first call.
 *
 * @returns the page, the same one at every call
 */
export function plotlyPage(): PlotlyPage {
  page ??= openPage();
  return page;
}

function openPage(): PlotlyPage {
  const { JSDOM, VirtualConsole } = require("jsdom") as typeof import("jsdom");
  const complaints: string[] = [];
  const virtualConsole = new VirtualConsole();
  for (const kind of ["warn", "error"] as const) {
    virtualConsole.on(kind, (...parts) => {
      if (complaints.length < 100) complaints.push(parts.map(String).join(" "));
    });
  }
  const dom = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole,
  });
  const { window } = dom;
  addMissingParts(window);
  addMeasuring(window);
  addCanvas(window);
  compiledPlotly().runInContext(dom.getInternalVMContext());
  const inside = window as unknown as { Plotly: Plotly; Math: Math };
  let random = new Random("names");
  inside.Math.random = () => random.uniform();
  return {
    document: window.document,
    plotly: inside.Plotly,
    restartNames: () => {
      random = new Random("names");
    },
    complaints,
  };
}

function addMissingParts(window: DOMWindow): void {
  const nothing = () => {};
  Object.assign(window, {
    TextDecoder,
    TextEncoder,
    matchMedia: () => ({ matches: false, addListener: nothing, addEventListener: nothing }),
  });
  Object.assign(window.URL, { createObjectURL: () => "blob:none", revokeObjectURL: nothing });
}

function addMeasuring(window: DOMWindow): void {
  const html = window.Element.prototype.getBoundingClientRect;
  const rectangle = (left: number, top: number, right: number, bottom: number) => ({
    x: left,
    y: top,
    left,
    top,
    right,
    bottom,
    width: right - left,
    height: bottom - top,
  });
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      const box = localBox(this) ?? { left: 0, top: 0, right: 0, bottom: 0 };
      return rectangle(box.left, box.top, box.right, box.bottom);
    },
    getComputedTextLength(this: Element) {
      return runWidth(this);
    },
    getTotalLength: () => 100,
    getPointAtLength: () => ({ x: 0, y: 0 }),
  });
  window.Element.prototype.getBoundingClientRect = function (this: Element) {
    if (!("ownerSVGElement" in this)) return html.call(this);
    const box = pageBox(this);
    return rectangle(box.left, box.top, box.right, box.bottom) as DOMRect;
  };
}

function addCanvas(window: DOMWindow): void {
  const contexts = new WeakMap<HTMLCanvasElement, PixelCanvas>();
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement, kind: string) {
      if (kind !== "2d") return null;
      const known = contexts.get(this) ?? new PixelCanvas(this.width, this.height);
      contexts.set(this, known);
      return known;
    },
    toDataURL(this: HTMLCanvasElement) {
      return (contexts.get(this) ?? new PixelCanvas(this.width, this.height)).toDataURL();
    },
  });
}

/** Compiling plotly.js takes 0.4 s, so the compiled form is kept beside the installed package where that is possible. */
function compiledPlotly(): Script {
  const filename = require.resolve("plotly.js-dist-min/plotly.min.js");
  const { version } = require("plotly.js-dist-min/package.json") as { version: string };
  const folder = join(dirname(dirname(filename)), ".cache", "dn2");
  const cache = join(folder, `plotly-${version}-node-${process.version}-${process.arch}.bin`);
  const cachedData = readIfThere(cache);
  const script = new Script(readFileSync(filename, "utf8"), { filename, cachedData });
  if (!cachedData || script.cachedDataRejected) keepCompiled = () => store(script, folder, cache);
  return script;
}

let keepCompiled: (() => void) | undefined;

/** Keeps what was compiled so far for later processes; to be called after the first picture. */
export function keepCompiledPlotly(): void {
  keepCompiled?.();
  keepCompiled = undefined;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function store(script: Script, folder: string, path: string): void {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true }); // without the cache the first picture only takes longer
  }
}

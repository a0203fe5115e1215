/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/*
 * The program of a shared page: draws figures with the plotly.js that the page carries when they come into view, and
 * lets explorers answer. Until then, and where it cannot run, the pictures stay.
 */

interface Plotly {
  newPlot(div: HTMLElement, data: unknown, layout: object, config: unknown): Promise<unknown>;
}

interface ExplorerModule {
  mountSaved(
    element: HTMLElement,
    state: unknown,
    options: { plotly: () => Promise<unknown>; params: unknown },
  ): { dispose(): void };
  createSharedParams(): unknown;
}

async function unpacked(name: string): Promise<string> {
  const block = document.querySelector(`script[data-program="${name}"]`);
  if (!block?.textContent) throw new Error(`the page does not carry ${name}`);
  const bytes = Uint8Array.from(atob(block.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const text = await new Response(stream).arrayBuffer();
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

const plotly = once(async (): Promise<Plotly> => {
  const script = document.createElement("script");
  script.src = await unpacked("plotly");
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("plotly.js could not be started")));
    document.head.append(script);
  });
  return (globalThis as unknown as { Plotly: Plotly }).Plotly;
});

const explorers = once(async () => {
  const module = (await import(await unpacked("explorer"))) as ExplorerModule;
  return { module, params: module.createSharedParams() };
});

interface Size {
  readonly width?: number;
  readonly height?: number;
}

function contentOf(figure: HTMLElement): unknown {
  return JSON.parse(figure.querySelector('script[type="application/json"]')!.textContent!);
}

function place(figure: HTMLElement): HTMLElement {
  const div = document.createElement("div");
  div.className = "graph";
  figure.append(div);
  return div;
}

/** Figures are of a fixed size, since their marks fit their pictures: where there is less room they shrink as a whole. */
async function drawFigure(figure: HTMLElement): Promise<void> {
  const { data, layout, config } = contentOf(figure) as { data: unknown; layout: Size; config?: object };
  const { newPlot } = await plotly();
  const { width = 720, height = 420 } = layout;
  const graph = place(figure);
  const toRoom = (): void => {
    const scale = Math.min(1, figure.parentElement!.clientWidth / width);
    Object.assign(graph.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` });
    Object.assign(figure.style, { width: `${width * scale}px`, height: `${height * scale}px` });
  };
  toRoom();
  // On a touch screen a finger on a figure scrolls the page.
  const touch = matchMedia("(pointer: coarse)").matches ? { dragmode: false } : {};
  try {
    await newPlot(graph, data, { ...layout, width, height, ...touch }, config ?? {});
  } catch (error) {
    graph.remove();
    throw error;
  }
  figure.classList.add("live");
  figure.querySelector(":scope > img")?.remove();
  new ResizeObserver(toRoom).observe(figure.parentElement!);
}

async function showExplorer(figure: HTMLElement): Promise<void> {
  const state = contentOf(figure);
  const { module, params } = await explorers();
  const div = place(figure);
  figure.classList.add("live");
  try {
    module.mountSaved(div, state, { plotly, params });
    for (const still of figure.querySelectorAll(":scope > img, :scope > .missing")) still.remove();
  } catch (error) {
    div.remove();
    figure.classList.remove("live");
    throw error;
  }
}

function report(figure: HTMLElement, error: unknown): void {
  const note = document.createElement("p");
  note.className = "problem";
  note.textContent = `This figure does not move here: ${error instanceof Error ? error.message : error}`;
  figure.append(note);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const figure = target as HTMLElement;
      const show = figure.classList.contains("explorer") ? showExplorer : drawFigure;
      show(figure).catch((error) => report(figure, error));
    }
  },
  { rootMargin: "600px 0px" },
);
for (const figure of document.querySelectorAll("figure.plotly, figure.explorer")) seen.observe(figure);
for (const contents of document.querySelectorAll<HTMLDetailsElement>("nav > details")) {
  contents.open = matchMedia("(min-width: 80rem)").matches;
}

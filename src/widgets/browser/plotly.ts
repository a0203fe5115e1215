/** The part of plotly.js that explorers use. */
export interface Plotly {
  react(div: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(div: HTMLElement): void;
}

interface PagePlotly {
  loading?: Promise<Plotly>;
}

const key = Symbol.for("dn2.plotly");

/**
 * Loads plotly.js once for all explorers of a page, from the first that can give it.
 *
 * @param script - gives the program, as bytes or the address of a file
 * @returns plotly.js
 */
export function loadPlotly(script: () => Promise<BlobPart | { readonly url: string }>): Promise<Plotly> {
  const page = globalThis as Record<symbol, PagePlotly | undefined>;
  page[key] ??= {};
  const place = page[key];
  place.loading ??= script()
    .then(run)
    .catch((error: unknown) => {
      place.loading = undefined;
      throw error;
    });
  return place.loading;
}

/** plotly.js is a classic script that looks for module loaders first; JupyterLab has one, which must not take it. */
async function run(given: BlobPart | { readonly url: string }): Promise<Plotly> {
  const isFile = typeof given === "object" && "url" in given;
  const url = isFile ? given.url : URL.createObjectURL(new Blob([given], { type: "text/javascript" }));
  const page = globalThis as { define?: unknown; Plotly?: Plotly };
  const { define, Plotly: before } = page;
  try {
    page.define = undefined;
    await new Promise<void>((resolve, reject) => {
      const script = document.createElement("script");
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => reject(new Error("plotly.js could not be loaded")));
      script.src = url;
      document.head.append(script);
    });
    if (!page.Plotly) throw new Error("plotly.js could not be started");
    return page.Plotly;
  } finally {
    page.define = define;
    if (before) page.Plotly = before;
    if (!isFile) URL.revokeObjectURL(url);
  }
}

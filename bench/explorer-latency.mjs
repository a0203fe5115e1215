// How long an explorer takes from an input event to redrawn figures: npm run build; node bench/explorer-latency.mjs
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const { values: args } = parseArgs({
  options: { moves: { type: "string", default: "200" }, output: { type: "string" } },
});
const moves = Number(args.moves);
const [images, kMax] = [10_000, 64];
const warmUp = 10;

/** The same made-up table in the notebook and in a plain page. */
const makeTable = `
const random = new dn2.Random("latency");
const [n, kMax] = [${images}, ${kMax}];
const isAnomaly = Uint8Array.from({ length: n }, (_, i) => i % 2);
const distances = new Float64Array(n * kMax);
for (let i = 0; i < n; i++) {
  let distance = Math.exp(0.5 * random.normal() + 0.6 * isAnomaly[i]);
  for (let j = 0; j < kMax; j++) distances[i * kMax + j] = distance += 0.05 * random.uniform();
}
const names = (start, count) => Array.from({ length: count }, (_, i) => start + i);
const indices = Int32Array.from({ length: n * kMax }, (_, i) => i % 2000);
const table = new dn2.NeighborTable({ kMax, distances, indices, queryIds: names("test ", n), trainIds: names("train ", 2000) });
`;

/** Runs in the page: moves k and waits each time until everything is drawn, and until the frame after that. */
async function measure([count, warmUp]) {
  const explorer = document.querySelector(".dn2x-width > .dn2x");
  const input = explorer.querySelector('[data-setting="k"]');
  const drawn = [];
  const painted = [];
  for (let i = 0; i < count + warmUp; i++) {
    const k = 1 + ((i * 7) % Number(input.max));
    const redrawn = new Promise((resolve) => {
      explorer.addEventListener("dn2-drawn", resolve, { once: true });
    });
    input.value = String(k);
    const start = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await redrawn;
    const end = performance.now();
    await new Promise((resolve) => requestAnimationFrame(() => resolve()));
    if (i >= warmUp) {
      drawn.push(end - start);
      painted.push(performance.now() - start);
    }
    await new Promise((resolve) => setTimeout(resolve, 20 + ((i * 13) % 17)));
  }
  return { drawn, painted };
}

function summary({ drawn, painted }) {
  const at = (list, share) =>
    Number([...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))].toFixed(1));
  return {
    moves: drawn.length,
    redrawnMs: { median: at(drawn, 0.5), p95: at(drawn, 0.95) },
    nextFrameMs: { median: at(painted, 0.5), p95: at(painted, 0.95) },
  };
}

/** Measures in a page, with the processor time of the page's main thread beside it, which other programs hardly change. */
async function withCpu(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taskSeconds = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const before = await taskSeconds();
  const times = await page.evaluate(measure, [moves, warmUp]);
  const cpuMs = (1000 * ((await taskSeconds()) - before)) / (moves + warmUp);
  await session.detach();
  return { ...summary(times), mainThreadCpuMs: { mean: Number(cpuMs.toFixed(1)) } };
}

async function labHelpers() {
  const outfile = join(root, ".cache", "bench", "jupyter-lab.mjs");
  await build({
    entryPoints: [join(root, "test", "helpers", "jupyter-lab.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    define: { "import.meta.dirname": JSON.stringify(join(root, "test", "helpers")) },
  });
  return import(pathToFileURL(outfile).href);
}

const { LabNotebook, startBrowser, startLab } = await labHelpers();
const dn2 = await import(pathToFileURL(join(root, "dist", "src", "index.js")).href);
const browser = await startBrowser();

async function inPlainPage() {
  const make = new Function("dn2", `${makeTable}; return { table, isAnomaly };`);
  const { table, isAnomaly } = make(dn2);
  const { exploreData } = await import(
    pathToFileURL(join(root, "dist", "src", "widgets", "models", "explore", "data.js")).href
  );
  const { packText } = await import(pathToFileURL(join(root, "dist", "src", "widgets", "packed.js")).href);
  const data = packText(exploreData(table, isAnomaly));
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  await page.setContent('<!doctype html><body><div id="place"></div></body>');
  await page.addScriptTag({
    path: createRequire(import.meta.url).resolve("plotly.js-dist-min/plotly.min.js"),
  });
  await page.evaluate(
    async ({ module, state }) => {
      const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
      const { mountSaved, createSharedParams } = await import(url);
      const options = { plotly: async () => globalThis.Plotly, params: createSharedParams() };
      mountSaved(document.querySelector("#place"), state, options);
    },
    {
      module: readFileSync(join(root, "dist", "browser", "explorer.js"), "utf8"),
      state: {
        version: 1,
        id: "bench",
        kind: "explore",
        title: "",
        params: {},
        settings: {},
        data,
        thumbnails: [],
        notes: [],
      },
    },
  );
  await page.locator(".dn2x .main-svg").first().waitFor({ state: "attached" });
  const result = await withCpu(page);
  await page.close();
  return result;
}

async function inJupyterLab() {
  const folder = mkdtempSync(join(tmpdir(), "dn2-latency-"));
  const cells = [
    makeTable.replace("(start, count)", "(start: string, count: number)"),
    "dn2.explore(table, isAnomaly)",
    'console.log("computing"); while (true) {}',
  ];
  const notebook = {
    cells: cells.map((source, i) => ({
      ...{ cell_type: "code", id: `cell-${i}`, metadata: {}, execution_count: null, outputs: [], source },
    })),
    metadata: { kernelspec: { name: "dn2", display_name: "DN2 (TypeScript)", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(join(folder, "latency.ipynb"), JSON.stringify(notebook));
  const lab = await startLab(folder);
  try {
    const page = await LabNotebook.open(browser, lab, "latency.ipynb", { width: 1280, height: 1400 });
    await page.runCell(0);
    await page.runCell(1);
    await page.page.locator(".dn2x .main-svg").first().waitFor({ state: "attached" });
    await page.page.waitForTimeout(3000);
    const idle = await withCpu(page.page);
    await page.startCell(2);
    await page.page.waitForFunction(() => document.body.textContent.includes("computing\n"));
    const busy = await withCpu(page.page);
    await page.command("notebook:interrupt-kernel");
    await page.idle();
    return { idle, busy };
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const plain = await inPlainPage();
  const lab = await inJupyterLab();
  const result = {
    what: "milliseconds from a slider's input event until all figures of explore are redrawn, and until the frame after that",
    data: { testImages: images, kMax },
    machine: {
      cpu: cpus()[0].model,
      cores: cpus().length,
      node: process.versions.node,
      browser: browser.version(),
    },
    loadAverage: Number(loadavg()[0].toFixed(1)),
    plainPage: plain,
    jupyterLab: lab.idle,
    jupyterLabWhileACellComputesWithoutPause: lab.busy,
  };
  console.log(JSON.stringify(result, null, 2));
  if (args.output) {
    mkdirSync(join(args.output, ".."), { recursive: true });
    writeFileSync(args.output, `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  await browser.close();
}

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { engineNames, loadEngine } from "../dist/src/engines/index.js";
import { loadWeights, networkNamed } from "../dist/src/networks/index.js";
import { python } from "./python.mjs";

const root = join(import.meta.dirname, "..");
const stages = ["maxpool", "layer1", "layer2", "layer3", "layer4"];
const networks = {
  ...Object.fromEntries(
    ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "wide_resnet50_2"].map((n) => [n, stages]),
  ),
  vgg16: ["features.4", "features.9", "features.16", "features.23", "features.30"],
  efficientnet_b0: ["features.0", "features.2", "features.4", "features.6", "features.8"],
};
/** What timm calls the layers of EfficientNet-B0; the other networks have the same names there. */
const timmLayers = {
  "features.0": "bn1",
  "features.2": "blocks.1",
  "features.4": "blocks.3",
  "features.6": "blocks.5",
  "features.8": "bn2",
};
const limit = 1e-3;
const { values: args } = parseArgs({
  options: {
    networks: { type: "string", default: Object.keys(networks).join() },
    sizes: { type: "string", default: "32,96,224,512" },
    library: { type: "string", default: "torchvision" },
    output: { type: "string" },
  },
});
const isTimm = args.library === "timm";
const output = args.output ?? join(root, "results", isTimm ? "parity-timm.json" : "parity.json");
const endings = isTimm ? ["safetensors"] : ["pth", "safetensors"];
const moduleOf = (name, layer) => (isTimm && name === "efficientnet_b0" ? timmLayers[layer] : layer);

function numbers(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function compare(got, wanted) {
  let difference = got.length === wanted.length ? 0 : Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(got[i] - wanted[i]));
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return { difference, largest };
}

const rows = [];
let versions = {};
for (const name of args.networks.split(",")) {
  const folder = mkdtempSync(join(tmpdir(), "dn2-parity-"));
  try {
    execFileSync(
      python(),
      [
        join(import.meta.dirname, "parity.py"),
        args.library,
        name,
        networks[name].map((layer) => `${moduleOf(name, layer)}=${layer}`).join(),
        args.sizes,
        folder,
      ],
      { stdio: "inherit" },
    );
    const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
    versions = { torch: index.torch, [args.library]: index[args.library] };
    const network = networkNamed(name);
    for (const ending of endings) {
      const { weights } = await loadWeights(network, join(folder, `${name}.${ending}`));
      for (const engineName of engineNames) {
        const engine = await loadEngine(engineName);
        const outputs = index.sizes[0].outputs.map(({ layer, pooled }) => ({ layer, pooled }));
        const compiled = await engine.compile(network, weights, { outputs });
        for (const { size, input, outputs: wanted } of index.sizes) {
          const results = await compiled.run(numbers(join(folder, input.file)), input.shape);
          for (const [i, { layer, pooled, file }] of wanted.entries()) {
            const { difference, largest } = compare(results[i].data, numbers(join(folder, file)));
            rows.push({
              network: name,
              weights: ending,
              engine: engineName,
              size,
              layer,
              pooled,
              difference,
              largest,
            });
          }
        }
        compiled.dispose();
        const own = rows.filter((r) => r.network === name && r.weights === ending && r.engine === engineName);
        const worst = Math.max(...own.map((row) => row.difference));
        process.stdout.write(
          `${name} .${ending} ${engineName}: largest difference ${worst.toExponential(1)} of ${own.length} outputs\n`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
mkdirSync(join(output, ".."), { recursive: true });
const list = rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n");
writeFileSync(
  `${output}.partial`,
  `{\n "limit": ${limit},\n "versions": ${JSON.stringify(versions)},\n "rows": [\n${list}\n ]\n}\n`,
);
renameSync(`${output}.partial`, output);
const worst = rows.reduce((a, b) => (b.difference > a.difference ? b : a));
process.stdout.write(
  `${rows.length} outputs; largest difference ${worst.difference.toExponential(1)} (${worst.network} ${worst.layer} at ${worst.size}, values up to ${worst.largest.toFixed(1)}, on ${worst.engine})\n`,
);
if (!(worst.difference < limit)) process.exitCode = 1;

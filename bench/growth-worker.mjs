import { FeatureFileIndex, Features, readNpy, setProgressListener } from "../dist/src/index.js";

setProgressListener(() => {});
const [path, asked, maxMemory] = process.argv.slice(2);
const { shape, data } = await readNpy(asked);
const ids = Array.from({ length: shape[0] }, (_, i) => `query ${i}`);
const queries = new Features(data, shape[1], ids);
const start = performance.now();
const index = await FeatureFileIndex.open(path, { maxMemory: Number(maxMemory) });
const opened = performance.now();
await index.search(queries, 2);
const ended = performance.now();
const { user, system } = process.cpuUsage();
const peakBytes = process.resourceUsage().maxRSS * 1024;
const result = { openS: (opened - start) / 1000, searchS: (ended - opened) / 1000, peakBytes };
process.stdout.write(JSON.stringify({ ...result, cpu: (user + system) / 1e6 }));

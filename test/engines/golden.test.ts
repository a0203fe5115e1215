import { join } from "node:path";
import { expect, test } from "vitest";
import { engineNames, loadEngine } from "../../src/engines/index.js";
import { loadWeights, networkNamed } from "../../src/networks/index.js";
import { readNpz } from "../helpers/npy.js";
import { largestDifference } from "../helpers/random-weights.js";
import { describeReal } from "../helpers/real-data.js";

const layers: Record<string, Record<string, string>> = {
  squeezenet1_1: Object.fromEntries(
    [3, 4, 6, 7, 9, 10, 11, 12].map((i) => [`features.${i}`, `squeezenet:features.${i}`]),
  ),
  mobilenet_v2: {
    "features.14.conv.0.0": "mnv2_tf:MobilenetV2.expanded_conv_13.expand.Relu6",
    "features.17": "mnv2_tf:MobilenetV2.expanded_conv_16.project.add_fold",
    "features.18": "mnv2_tf:MobilenetV2.Conv_1.Relu6",
  },
  "mobilenet_edgetpu_0.75": {
    "blocks.17.expand": "medge_tf:MobilenetEdgeTPU.expanded_conv_17.expand.Relu",
    head: "medge_tf:MobilenetEdgeTPU.Conv_1.Relu",
  },
};

describeReal("real weights on real pictures, against an independent prototype", (folder) => {
  const cases = engineNames.flatMap((engine) => Object.keys(layers).map((name) => [engine, name]));
  test.each(cases)("%s: %s, pooled", async (engineName, name) => {
    const golden = readNpz(join(folder, "reference/golden/golden.npz"));
    const network = networkNamed(name);
    const { weights } = await loadWeights(network);
    const { mean, std } = network.preparation;
    const input = Float32Array.from(golden.get("rgb224")?.data as Uint8Array, (x, i) => {
      const channel = Math.floor(i / (224 * 224)) % 3;
      return (x / 255 - mean[channel]) / std[channel];
    });
    const engine = await loadEngine(engineName);
    const outputs = Object.keys(layers[name]).map((layer) => ({ layer, pooled: true }));
    const compiled = await engine.compile(network, weights, { outputs });
    for (const { layer, shape, data } of await compiled.run(input, [5, 3, 224, 224])) {
      const wanted = golden.get(layers[name][layer]);
      expect([...shape]).toEqual(wanted?.shape);
      expect(largestDifference(data, wanted?.data as Float32Array), layer).toBeLessThan(1e-3);
    }
    compiled.dispose();
  });
});

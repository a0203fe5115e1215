// How far from the middle of its cell a place of a map looks: a spot is painted into photographs of white blood cells, and the middle
// of what changes in the map is compared with the spot's. Needs DN2_DATA: node bench/places.mjs
import { ImageSet, loadDataSet, loadExtractor, loadImage, resize, toRgb } from "../dist/src/index.js";

const cases = {
  embedded: { layers: ["blocks.2", "blocks.4", "blocks.5"], size: 64 },
  mobilenet_v2: { layers: ["features.6", "features.13", "features.18"], size: 224 },
  squeezenet1_1: { layers: ["features.7", "features.12"], size: 224 },
  "mobilenet_edgetpu_0.75": { layers: ["blocks.12", "head"], size: 224 },
};
const { test } = await loadDataSet("wbc");

/** The image as the network gets it, and copies with a green square at places that stand differently to the cells. */
function spotted(image, { resize: side, crop }) {
  const plain = resize(image, side, side);
  const margin = (side - crop) / 2;
  const reach = Math.round(crop / 16);
  const spots = Array.from({ length: 9 }, (_, i) =>
    [i, (4 * i) % 9].map((step) => Math.round(crop * (0.33 + 0.04 * step))),
  );
  const pictures = spots.map(([x, y]) => {
    const data = plain.data.slice();
    for (let row = y - reach; row <= y + reach; row++) {
      for (let column = x - reach; column <= x + reach; column++) {
        data.set([20, 200, 20], 3 * ((row + margin) * side + column + margin));
      }
    }
    return { ...plain, data };
  });
  return { spots, images: ImageSet.fromImages("spots", [plain, ...pictures]) };
}

for (const [name, { layers, size }] of Object.entries(cases)) {
  for (const layer of layers) {
    const extractor = await loadExtractor(name, { layer, inputSize: size });
    const offsets = [];
    for (const i of [0, 13, 26, 39]) {
      const image = toRgb(await loadImage(test.source(i)));
      const { spots, images } = spotted(image, extractor.preparation);
      let plain;
      for await (const { index, shape, data } of extractor.extractMaps(images)) {
        plain ??= data;
        if (index === 0) continue;
        const [channels, height, width] = shape;
        let [sum, x, y] = [0, 0, 0];
        for (let place = 0; place < height * width; place++) {
          let change = 0;
          for (let at = place; at < channels * height * width; at += height * width) {
            change += (data[at] - plain[at]) ** 2;
          }
          sum += change;
          x += change * ((place % width) + 0.5);
          y += change * (Math.floor(place / width) + 0.5);
        }
        const [spotX, spotY] = spots[index - 1].map((middle) => (middle + 0.5) / size);
        offsets.push([x / sum - spotX * width, y / sum - spotY * height]);
      }
    }
    extractor.dispose();
    const mean = (axis) => offsets.reduce((total, one) => total + one[axis], 0) / offsets.length;
    process.stdout.write(
      `${name} ${layer}: ${mean(0).toFixed(2)} right, ${mean(1).toFixed(2)} down, in cells\n`,
    );
  }
}

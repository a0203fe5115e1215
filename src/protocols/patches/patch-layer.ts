import { networkNames } from "../../networks/index.js";

const middleLayers: Readonly<Record<string, string>> = {
  embedded: "blocks.2+blocks.4",
  mobilenet_v2: "features.6+features.13",
};

/**
 * @param extractor - name of an extractor
 * @param layer - the layer that was asked for
 * @returns the layer whose places are compared: of the middle, where places are many and see little
 * @throws RangeError when the extractor has no layers, or none was asked for and none is known to be of use
 */
export function patchLayer(extractor: string, layer: string | undefined): string {
  if (extractor === "pixels") {
    throw new RangeError(
      "the experiment patches compares places of a network's layer; pixels has none: take another extractor, for example embedded",
    );
  }
  if (layer !== undefined) return layer;
  const own = middleLayers[extractor];
  if (own) return own;
  if (/^(wide_)?resnet/.test(extractor) && networkNames().includes(extractor)) return "layer2+layer3";
  throw new RangeError(
    `the experiment patches needs a layer from the middle of ${extractor}, since its last one has few places; give layer, as ${middleLayers.mobilenet_v2} is for mobilenet_v2`,
  );
}

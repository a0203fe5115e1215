import { expect, test } from "vitest";
import {
  embedded,
  layerNamed,
  layersFor,
  mobilenetV2,
  networkNamed,
  networkNames,
  parameterShapes,
} from "../../src/networks/index.js";

test("an unknown network lists the names", () => {
  expect(networkNames()).toContain("resnet101");
  expect(new Set(networkNames()).size).toBe(networkNames().length);
  expect(networkNamed("mobilenet_v2")).toBe(mobilenetV2);
  expect(() => networkNamed("resnet")).toThrow(
    `unknown network: resnet (did you mean resnet18?); choose from ${networkNames().join(", ")}`,
  );
});

test("every network's feature layer, aliases and minimal size hold", () => {
  for (const network of networkNames().map(networkNamed)) {
    layerNamed(network, network.featureLayer);
    for (const alias of Object.keys(network.aliases)) layerNamed(network, alias);
    const names = network.layers.map(({ name }) => name);
    expect(names.filter((name) => Object.hasOwn(network.aliases, name))).toEqual([]);
    expect(network.preparation.crop).toBeGreaterThanOrEqual(network.minSize);
    JSON.stringify(network);
  }
});

test("a block is found by its own name, an unknown layer lists the names", () => {
  expect(layerNamed(mobilenetV2, "features.2").name).toBe("features.2.conv.2");
  expect(layerNamed(mobilenetV2, "features.3").kind).toBe("add");
  expect(() => layerNamed(embedded, "toString")).toThrow(
    /^unknown layer of embedded: toString; choose from stem, blocks\.0\.conv1/,
  );
});

test("only the layers that lead to what is wanted are kept, in order", () => {
  expect(layersFor(embedded, ["blocks.0.conv1"]).map(({ name }) => name)).toEqual(["stem", "blocks.0.conv1"]);
  expect(layersFor(embedded, ["blocks.1"]).map(({ name }) => name)).toEqual([
    "stem",
    "blocks.0.conv1",
    "blocks.0.conv2",
    "blocks.0",
    "blocks.1.conv1",
    "blocks.1.conv2",
    "blocks.1.shortcut",
    "blocks.1",
  ]);
});

test("the embedded network's parameters are those its training writes", () => {
  const shapes = parameterShapes(embedded);
  expect([...shapes.keys()].filter((name) => name.startsWith("blocks.1"))).toEqual([
    "blocks.1.conv1.weight",
    "blocks.1.conv1.bias",
    "blocks.1.conv2.weight",
    "blocks.1.conv2.bias",
    "blocks.1.shortcut.weight",
    "blocks.1.shortcut.bias",
  ]);
  expect(shapes.has("blocks.2.shortcut.weight")).toBe(false);
  expect(shapes.get("blocks.5.shortcut.weight")).toEqual([256, 128, 1, 1]);
  let count = 0;
  for (const shape of shapes.values()) count += shape.reduce((product, n) => product * n, 1);
  expect(count * 2).toBeLessThan(4e6);
});

import { oneOf } from "../core/options.js";
import { efficientnetB0 } from "./efficientnet.js";
import { embedded } from "./embedded.js";
import { mobilenetEdgetpu075 } from "./mobilenet-edgetpu.js";
import { mobilenetV2 } from "./mobilenet-v2.js";
import type { Network } from "./network.js";
import { resnets } from "./resnet.js";
import { squeezenet11 } from "./squeezenet.js";
import { vgg16 } from "./vgg.js";

/** All networks. */
export const networks: readonly Network[] = [
  embedded,
  efficientnetB0,
  mobilenetEdgetpu075,
  mobilenetV2,
  ...resnets,
  squeezenet11,
  vgg16,
];

/** @returns the names of all networks */
export function networkNames(): string[] {
  return networks.map((network) => network.name);
}

/**
 * @param name - name of a network
 * @returns the network
 * @throws RangeError listing the valid names
 */
export function networkNamed(name: string): Network {
  const valid = oneOf("network", name, networkNames());
  return networks.find((network) => network.name === valid) as Network;
}

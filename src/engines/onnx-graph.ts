import { ProtobufMessage } from "./protobuf.js";

/** Value of a node's attribute: an integer, a list of integers, a text, or a float. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 };
const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6 };

/** Type of a tensor's numbers. */
export type OnnxElement = keyof typeof elementTypes;

/**
 * Writes an ONNX model (IR version 8, operator set 17), as far as the networks here need it.
 *
 * @see onnx.proto of the ONNX specification for the field numbers
 */
export class OnnxGraph {
  readonly #graph = new ProtobufMessage().text(2, "dn2");
  readonly #constants = new Set<string>();

  /**
   * Adds a node.
   *
   * @param operator - name of the ONNX operator
   * @param inputs - names of its inputs
   * @param output - name of its output
   * @param attributes - its attributes
   * @returns the output's name
   */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, OnnxAttribute> = {},
  ): string {
    const node = new ProtobufMessage();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#graph.message(1, node);
    return output;
  }

  /**
   * Adds a constant; one of the same name is added once.
   *
   * @param name - its name
   * @param shape - its sizes; empty for a single number
   * @param data - its numbers
   * @returns the name
   */
  constant(name: string, shape: readonly number[], data: Float32Array | Uint8Array | Int8Array): string {
    if (this.#constants.has(name)) return name;
    this.#constants.add(name);
    const tensor = new ProtobufMessage();
    for (const size of shape) tensor.integer(1, size);
    const element = data instanceof Float32Array ? "float32" : data instanceof Int8Array ? "int8" : "uint8";
    tensor.integer(2, elementTypes[element]).text(8, name);
    tensor.binary(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#graph.message(5, tensor);
    return name;
  }

  /**
   * Declares an input.
   *
   * @param name - its name
   * @param shape - sizes, and names for those that vary
   * @param element - type of its numbers, default float32
   * @returns the name
   */
  input(name: string, shape: readonly (number | string)[], element: OnnxElement = "float32"): string {
    this.#graph.message(11, valueInfo(name, shape, element));
    return name;
  }

  /**
   * Declares an output.
   *
   * @param name - its name
   * @param shape - sizes, and names for those that vary
   * @param element - type of its numbers, default float32
   */
  output(name: string, shape: readonly (number | string)[], element: OnnxElement = "float32"): void {
    this.#graph.message(12, valueInfo(name, shape, element));
  }

  /**
   * @param memory - gives room for so many bytes, default a new array
   * @returns the bytes of the model, in that room
   */
  bytes(memory?: (length: number) => Uint8Array<ArrayBuffer>): Uint8Array {
    const operatorSet = new ProtobufMessage().text(1, "").integer(2, 17);
    return new ProtobufMessage()
      .integer(1, 8)
      .text(2, "dn2")
      .message(7, this.#graph)
      .message(8, operatorSet)
      .bytes(memory);
  }
}

function attribute(name: string, value: OnnxAttribute): ProtobufMessage {
  const message = new ProtobufMessage().text(1, name);
  if (typeof value === "number") return message.integer(3, value).integer(20, attributeTypes.integer);
  if (typeof value === "string") return message.text(4, value).integer(20, attributeTypes.text);
  if ("float" in value) return message.float(2, value.float).integer(20, attributeTypes.float);
  for (const item of value) message.integer(8, item);
  return message.integer(20, attributeTypes.integers);
}

function valueInfo(name: string, shape: readonly (number | string)[], element: OnnxElement): ProtobufMessage {
  const sizes = new ProtobufMessage();
  for (const size of shape) {
    const dimension = new ProtobufMessage();
    sizes.message(1, typeof size === "string" ? dimension.text(2, size) : dimension.integer(1, size));
  }
  const tensor = new ProtobufMessage().integer(1, elementTypes[element]).message(2, sizes);
  return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
}

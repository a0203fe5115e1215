/** A tensor of ONNX Runtime. */
export interface OrtTensor {
  /** Its sizes. */
  readonly dims: readonly number[];
  /** Its numbers. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** A model ready to run. */
export interface OrtSession {
  /** Computes outputs: those named, or into the tensors given, or all. */
  run(
    feeds: Record<string, OrtTensor>,
    fetches?: Record<string, OrtTensor> | readonly string[],
  ): Promise<Record<string, OrtTensor>>;
  /** Gives the memory back. */
  release(): Promise<void>;
}

/** The part of onnxruntime-node that is used; the package is optional, so its own types may be absent. */
export interface Ort {
  /** Settings and versions. */
  readonly env: { logLevel?: string; readonly versions: { node?: string; common: string } };
  /** Makes a tensor of an array, which is not copied. */
  readonly Tensor: new (
    type: "float32" | "int32" | "uint8",
    data: OrtTensor["data"],
    dims: readonly number[],
  ) => OrtTensor;
  /** Execution providers that this build knows. */
  listSupportedBackends(): readonly { readonly name: string; readonly bundled: boolean }[];
  /** Makes sessions. */
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

/** Makes a session of the bytes of a model. */
export type CreateSession = (model: Uint8Array, threads?: number) => Promise<OrtSession>;

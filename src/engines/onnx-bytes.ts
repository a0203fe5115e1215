import { KeptMemory } from "../core/kept-memory.js";
import type { ByteMatrix, LoadedByteRows } from "./engine.js";
import { OnnxGraph } from "./onnx-graph.js";
import type { CreateSession, Ort } from "./onnxruntime-types.js";

/**
 * Multiplies 8-bit integers on ONNX Runtime, if it does that exactly here.
 *
 * On processors without instructions for the purpose (AVX2) the library adds pairs of products in 16 bits, which
 * saturate when rows use the full range; a trial with the largest values tells, and rows are then limited to 63.
 *
 * @param ort - the library
 * @param createSession - makes a session of a model
 * @returns the multiplier, or undefined where products are not exact even so
 */
export async function exactByteMatrix(
  ort: Ort,
  createSession: CreateSession,
): Promise<ByteMatrix | undefined> {
  for (const most of [127, 63]) {
    const matrix = byteMatrix(ort, createSession, most);
    if (await isExact(matrix)) return matrix;
  }
  return undefined;
}

/** Memory of models, which are as large as the rows and of no use once the library has read them. */
const models = new KeptMemory<ArrayBuffer>();

function byteMatrix(ort: Ort, createSession: CreateSession, most: number): ByteMatrix {
  return {
    most,
    async loadColumns(columns, n, d): Promise<LoadedByteRows> {
      const model = byteModel(columns, n, d, (length) => {
        const fits = ({ byteLength }: ArrayBuffer) => byteLength >= length && byteLength <= 4 * length;
        return new Uint8Array(models.take(fits) ?? new ArrayBuffer(length), 0, length);
      });
      const session = await createSession(model);
      models.keep(model.buffer as ArrayBuffer);
      return {
        async products(queries, m, out) {
          const feeds = { queries: new ort.Tensor("uint8", queries.subarray(0, m * d), [m, d]) };
          await session.run(feeds, { products: new ort.Tensor("int32", out.subarray(0, m * n), [m, n]) });
        },
        dispose: () => void session.release(),
      };
    },
  };
}

/** The columns are a constant of the model, so that the library arranges them once for all queries. */
function byteModel(
  columns: Int8Array,
  n: number,
  d: number,
  memory: (length: number) => Uint8Array<ArrayBuffer>,
): Uint8Array {
  const graph = new OnnxGraph();
  graph.input("queries", ["m", d], "uint8");
  graph.constant("columns", [d, n], columns.subarray(0, n * d));
  graph.constant("middle", [], Uint8Array.of(128));
  graph.node("MatMulInteger", ["queries", "columns", "middle"], "products");
  graph.output("products", ["m", n], "int32");
  return graph.bytes(memory);
}

async function isExact(matrix: ByteMatrix): Promise<boolean> {
  const [m, n, d] = [3, 35, 150];
  const extremes = [matrix.most, -matrix.most];
  const columns = Int8Array.from(
    { length: n * d },
    (_, at) => extremes[(at * 7919) % (2 + (at % 5)) < 1 ? 1 : 0],
  );
  const queries = Uint8Array.from({ length: m * d }, (_, at) => (at < d || at % 3 > 0 ? 255 : 0));
  const out = new Int32Array(m * n);
  const loaded = await matrix.loadColumns(columns, n, d);
  try {
    await loaded.products(queries, m, out);
  } finally {
    loaded.dispose();
  }
  return out.every((product, at) => {
    const [q, row] = [Math.floor(at / n) * d, at % n];
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (queries[q + j] - 128) * columns[j * n + row];
    return product === sum;
  });
}

import { describe, expect, it } from "vitest";
import { keepOutputs, keptParameters } from "../../scripts/kept-outputs.mjs";

const result = (count: number, data: object) => ({
  output_type: "execute_result",
  execution_count: count,
  data,
});
const code = (tags: string[], count: number, ...outputs: object[]) => ({
  cell_type: "code",
  metadata: { tags },
  execution_count: count,
  outputs,
});

const kept = (cells: object[]): any[] => keepOutputs({ cells }).cells;

describe("the outputs that committed notebooks keep", () => {
  it("are made with the parameters that stand beside the cell of parameters", () => {
    const declared = { tags: ["parameters"], dn2: { outputs: { dataset: "cifar10", k: 5 } } };
    expect(keptParameters({ cells: [{ metadata: {} }, { metadata: declared }] })).toEqual({
      dataset: "cifar10",
      k: 5,
    });
    expect(keptParameters({ cells: [{ metadata: { tags: ["parameters"] } }] })).toEqual({});
  });

  it("stand below the notebook's own cells, numbered as if no parameters had been put in", () => {
    const cells = kept([
      { cell_type: "markdown", metadata: {} },
      code(["parameters"], 1),
      code(["injected-parameters"], 2),
      code([], 3, result(3, { "text/plain": "a" })),
    ]);
    expect(cells.map(({ execution_count }) => execution_count)).toEqual([undefined, 1, 2]);
    expect(cells[2].outputs).toEqual([result(2, { "text/plain": "a" })]);
  });

  it("are without bars of progress", () => {
    const progress = {
      data: { "text/html": "<progress value=1></progress> 1 of 1", "text/plain": "1 of 1" },
    };
    const [cell] = kept([code([], 1, progress, result(1, { "text/plain": "a" }))]);
    expect(cell.outputs).toEqual([result(1, { "text/plain": "a" })]);
  });

  it("are without lines about the cache of one machine, and with the lines beside them", () => {
    const stream = (text: string) => ({ output_type: "stream", name: "stderr", text });
    const line = "mobilenet_v2 features of 3 of 10 images were in the cache\n";
    const [cell] = kept([code([], 1, stream(line), stream(`${line}leak check: none\n`))]);
    expect(cell.outputs).toEqual([stream("leak check: none\n")]);
  });

  it("hold words instead of photographs, and of explorers all but their thumbnails", () => {
    const explorer = { kind: "groups", data: [1], thumbnails: [{ jpeg: "abc" }] };
    const figure = { "text/plain": "Figure", "image/png": "abc", "application/vnd.plotly.v1+json": {} };
    const moving = {
      "text/plain": "Explorer",
      "image/png": "abc",
      "application/vnd.dn2.explorer+json": explorer,
    };
    const cells = kept([
      code(["pictures-not-kept"], 1, { data: figure }, { data: moving }),
      code([], 2, { data: figure }),
    ]);
    expect(cells[0].outputs).toEqual([
      { data: { "text/plain": "Figure" } },
      {
        data: {
          "text/plain": "Explorer",
          "application/vnd.dn2.explorer+json": { kind: "groups", data: [1], thumbnails: [] },
        },
      },
    ]);
    expect(cells[1].outputs).toEqual([{ data: figure }]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declaredParameters } from "../../kernel/run/declared-parameters.js";
import type { Notebook, NotebookCell } from "../../kernel/run/notebook.js";
import { injectParameters, parameterValue } from "../../kernel/run/parameters.js";

const code = (source: string, ...tags: string[]): NotebookCell => ({
  ...{ cell_type: "code", metadata: { tags }, source, outputs: [], execution_count: null },
});

function notebookOf(...cells: NotebookCell[]): Notebook {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

const parameters = `// parameters
const k = 2;            // nearest neighbours
let rate: number = -0.1, name = "wbc";
const distance: "squared" | "euclidean" = "squared";
const normalize = false; // unit length?
const sizes = [1, 2]
const layer = 'features'
let later: string;
function helper() { const inner = 1; return inner; }
const { a } = { a: 1 };`;

function injected(values: Record<string, unknown>, ...cells: NotebookCell[]): string[] {
  const notebook = notebookOf(...(cells.length > 0 ? cells : [code(parameters, "parameters")]));
  injectParameters(notebook, values);
  return notebook.cells.map(({ source }) => source);
}

describe("the cell tagged parameters", () => {
  it("tells names, types, defaults and comments", () => {
    expect(declaredParameters(notebookOf(code("1"), code(parameters, "parameters")))).toEqual([
      { name: "k", keyword: "const", text: "2", kind: "number", comment: "nearest neighbours" },
      { name: "rate", keyword: "let", type: "number", text: "-0.1", kind: "number", comment: "" },
      { name: "name", keyword: "let", text: '"wbc"', kind: "string", comment: "" },
      {
        ...{ name: "distance", keyword: "const", type: '"squared" | "euclidean"', text: '"squared"' },
        ...{ kind: "string", comment: "" },
      },
      { name: "normalize", keyword: "const", text: "false", kind: "boolean", comment: "unit length?" },
      { name: "sizes", keyword: "const", text: "[1, 2]", kind: undefined, comment: "" },
      { name: "layer", keyword: "const", text: "'features'", kind: "string", comment: "" },
      { name: "later", keyword: "let", type: "string", text: "", kind: "string", comment: "" },
    ]);
    expect(declaredParameters(notebookOf(code("const k = 1;")))).toBeUndefined();
  });
});

describe("injected parameters", () => {
  it("follow the tagged cell as TypeScript, with the keyword and type of the declaration", () => {
    const values = {
      k: 5,
      rate: 0.25,
      distance: "euclidean",
      normalize: true,
      sizes: [3],
      layer: "top",
      extra: null,
    };
    expect(injected(values)).toEqual([
      parameters,
      [
        "// Parameters",
        "const k: number = 5;",
        "let rate: number = 0.25;",
        'const distance: "squared" | "euclidean" = "euclidean";',
        "const normalize: boolean = true;",
        "const sizes = [3];",
        'const layer: "features" | "top" = "top";',
        "const extra = null;",
      ].join("\n"),
    ]);
  });

  it("come first where no cell is tagged, and replace those of an earlier run", () => {
    expect(injected({ k: 5 }, code("k"))).toEqual(["// Parameters\nconst k: number = 5;", "k"]);
    expect(
      injected({ k: 6 }, code("// Parameters\nconst k: number = 5;", "injected-parameters"), code("k")),
    ).toEqual(["// Parameters\nconst k: number = 6;", "k"]);
    expect(injected({}, code("old", "injected-parameters"), code("k"))).toEqual(["k"]);
  });

  it("must have the kind that the notebook declares, and a name", () => {
    expect(() => injected({ k: "5" })).toThrow(
      new TypeError('the parameter k must be a number, as in the notebook (k = 2); got "5"'),
    );
    expect(() => injected({ "k; process.exit()": 5 })).toThrow(RangeError);
  });

  it("write any JSON value such that it is read back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const [source] = injected({ x: value }, code("1"));
        const text = /^\/\/ Parameters\nconst x(?:: \w+)? = (.*);$/s.exec(source)?.[1] ?? "";
        expect(JSON.stringify(new Function(`return ${text};`)())).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe("a value on the command line", () => {
  const [k, , name, , normalize, sizes] = declaredParameters(notebookOf(code(parameters, "parameters")))!;

  it("is read as what the notebook declares", () => {
    expect(parameterValue("k", "5", k)).toBe(5);
    expect(parameterValue("k", ".5e-1", k)).toBe(0.05);
    expect(() => parameterValue("k", "five", k)).toThrow(/k must be a number.*got "five"/);
    expect(() => parameterValue("k", "", k)).toThrow(TypeError);
    expect(parameterValue("name", "5", name)).toBe("5");
    expect(parameterValue("name", '"5 6"', name)).toBe("5 6");
    expect(parameterValue("normalize", "True", normalize)).toBe(true);
    expect(() => parameterValue("normalize", "1", normalize)).toThrow(TypeError);
    expect(parameterValue("sizes", "[4]", sizes)).toEqual([4]);
  });

  it("is read as JSON, else as text, where the notebook does not tell", () => {
    const texts = ["5", "-2.5", "true", "None", "[1, 2]", '{"a": null}', "wbc", "1 2", "constructor", ""];
    expect(texts.map((text) => parameterValue("x", text, undefined))).toEqual([
      ...[5, -2.5, true, null, [1, 2], { a: null }],
      ...["wbc", "1 2", "constructor", ""],
    ]);
  });
});

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { afterAll, describe, expect, it } from "vitest";
import { type ShareOptions, shareNotebook } from "../../kernel/share/share-notebook.js";
import { type ExecutedCell, figureOf, png, shown, writeExecuted, written } from "./notebooks.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-share-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function page(cells: readonly ExecutedCell[], metadata: object = {}, options: ShareOptions = {}) {
  const shared = await shareNotebook(writeExecuted(folder, "a.ipynb", cells, metadata), options);
  return { ...shared, document: new JSDOM(shared.text).window.document };
}

const textOf = (document: Document, selector: string): (string | null)[] =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent);

describe("a shared notebook", () => {
  it("shows text with headings, code, lists, tables and formulas", async () => {
    const { document } = await page([
      { text: "# Cells & *more*\n\nSee `k` and $k^2 < 3$; costs $5 and $6.\n\n$$\\sum_i x_i$$" },
      { text: "## One\n\n| a | b |\n|---|---|\n| 1 | 2 |" },
      { text: "## Two\n\n```ts\nconst k = 2;\n```\n\n$\\unknowncommand{$" },
      { text: "## Two\n\n[up](#One)" },
    ]);
    expect(document.title).toBe("Cells & more");
    expect(textOf(document, "nav a")).toEqual(["One", "Two", "Two"]);
    const targets = [...document.querySelectorAll("nav a")].map((a) => a.getAttribute("href")!.slice(1));
    expect(targets.map((id) => document.getElementById(decodeURIComponent(id))?.tagName)).toEqual([
      "H2",
      "H2",
      "H2",
    ]);
    expect(new Set(targets).size).toBe(3);
    expect(document.querySelectorAll("math").length).toBeGreaterThanOrEqual(2);
    expect(document.querySelector("main p")?.textContent).toContain("costs $5 and $6");
    expect(textOf(document, "td")).toEqual(["1", "2"]);
    expect(document.querySelector("pre .hljs-keyword")?.textContent).toBe("const");
  });

  it("shows code with colors and outputs of every kind", async () => {
    const { document } = await page([
      {
        code: "const k: number = 2; // neighbours\nk",
        outputs: [
          written("plain \x1b[31mred\x1b[39m <b>\n10 %\r100 %\n"),
          { output_type: "stream", name: "stderr", text: "careful\n" },
          shown({ "text/plain": "{ a: '<i>' }" }),
          shown({ "image/png": `${png}\n`, "text/plain": "a dot" }),
          shown({ "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>' }),
          shown({
            "text/html":
              '<table onclick="x()"><tr><td style="color:red">7</td></tr></table><script>1</script>',
          }),
          shown({ "text/markdown": "**bold**" }),
          shown({ "text/latex": "$\\alpha$" }),
          shown({ "application/json": { list: [1, 2] } }),
          shown({ "application/x-unknown": "?" }),
        ],
      },
    ]);
    expect(document.querySelector(".source .hljs-comment")?.textContent).toBe("// neighbours");
    expect(document.querySelector(".stdout")?.textContent).toBe("plain red <b>\n100 %\n");
    expect(document.querySelector(".stdout .ansi-red-fg")?.textContent).toBe("red");
    expect(document.querySelector(".stderr")?.textContent).toBe("careful\n");
    expect(textOf(document, ".result")).toEqual(["{ a: '<i>' }", '{\n  "list": [\n    1,\n    2\n  ]\n}']);
    const pictures = [...document.querySelectorAll<HTMLImageElement>("figure.picture img")];
    expect(pictures.map((image) => image.src.split(",")[0])).toEqual([
      "data:image/png;base64",
      "data:image/svg+xml;base64",
    ]);
    expect(pictures[0].src.endsWith(png)).toBe(true);
    expect(pictures[0].alt).toBe("a dot");
    expect(document.querySelector(".table")?.innerHTML).toBe(
      "<table><tbody><tr><td>7</td></tr></tbody></table>",
    );
    expect(textOf(document, ".out.text strong")).toEqual(["bold"]);
    expect(document.querySelectorAll("math")).toHaveLength(1);
  });

  it("carries plotly.js once, and only when a figure needs it", async () => {
    const still = await page([{ code: "1", outputs: [shown({ "text/plain": "1" })] }]);
    expect(still.programBytes).toBe(0);
    expect(still.text.length).toBeLessThan(40_000);
    const moving = await page([{ code: "1", outputs: [shown(figureOf("one")), shown(figureOf("two"))] }]);
    expect(moving.document.querySelectorAll('script[data-program="plotly"]')).toHaveLength(1);
    expect(moving.document.querySelectorAll('script[data-program="explorer"]')).toHaveLength(0);
    expect(moving.contents.of("plotly").count).toBe(2);
    expect(moving.programBytes).toBeGreaterThan(1e6);
    expect(moving.text.length).toBeLessThan(moving.programBytes + 60_000);
    expect(moving.document.querySelector("footer")?.textContent).toMatch(/\d\.\d MB in one file/);
    const image = moving.document.querySelector<HTMLImageElement>("figure.plotly img")!;
    expect([image.alt, image.width, image.height]).toEqual(["Figure: one", 600, 300]);
    const state = moving.document.querySelector('figure.plotly script[type="application/json"]')!
      .textContent!;
    expect(JSON.parse(state)).toEqual(figureOf("one")["application/vnd.plotly.v1+json"]);
  });

  it("carries explorers with the module that moves them", async () => {
    const explorerModule = join(folder, "explorer.js");
    writeFileSync(explorerModule, "export const mountSaved = 1;");
    const state = { version: 1, kind: "explore", title: "</script><b>" };
    const outputs = [
      shown({ "application/vnd.dn2.explorer+json": state, "image/png": png, "text/plain": "Explorer" }),
    ];
    const { document } = await page([{ code: "1", outputs }], {}, { explorerModule });
    expect(document.querySelectorAll('script[data-program="explorer"]')).toHaveLength(1);
    expect(document.querySelectorAll('script[data-program="plotly"]')).toHaveLength(1);
    const content = document.querySelector('figure.explorer script[type="application/json"]')!.textContent!;
    expect(JSON.parse(content)).toEqual(state);
    expect(document.querySelector<HTMLImageElement>("figure.explorer img")?.alt).toBe("Explorer");
    const missing = join(folder, "gone.js");
    await expect(page([{ code: "1", outputs }], {}, { explorerModule: missing })).rejects.toThrow(
      /run npm run build/,
    );
  });

  it("says when, with what and with which parameters it was executed", async () => {
    const run = { version: "0.1.0", executed: "2026-11-27T10:20:30.000Z", parameters: { k: 5 } };
    const { document } = await page([{ code: "1" }], { dn2: run });
    expect(textOf(document, "header p")).toEqual([
      "Executed on 2026-11-27, 10:20 UTC with dn2 0.1.0.",
      "Parameters: k = 5.",
    ]);
    const execution = {
      "iopub.status.idle": "2026-11-27T11:00:00.5Z",
      "shell.execute_reply": "2026-11-27T10:59:00Z",
    };
    const lab = await page([{ code: "1", metadata: { execution } }]);
    expect(textOf(lab.document, "header p")).toEqual(["Executed on 2026-11-27, 11:00 UTC."]);
    expect(textOf((await page([{ code: "1" }])).document, "header p")).toEqual([
      "When the notebook was executed is not recorded.",
    ]);
    expect(document.querySelector("footer")?.textContent).toMatch(
      /Made with dn2 \d+\.\d+\.\d+ from a\.ipynb/,
    );
  });

  it("embeds pictures of text cells and fetches none", async () => {
    mkdirSync(join(folder, "my pictures"), { recursive: true });
    writeFileSync(join(folder, "my pictures", "dot.png"), Buffer.from(png, "base64"));
    writeFileSync(join(folder, "secret.txt"), "no picture");
    const text = [
      "![a](attachment:my%20dot.png) ![b](my%20pictures/dot.png) ![c](https://example.org/x.png)",
      "![d](gone.png) ![e](/etc/hostname.png) ![f](secret.txt) ![g](../../../../../etc/x.png)",
    ].join(" ");
    const { document } = await page([{ text, attachments: { "my dot.png": { "image/png": png } } }]);
    const images = [...document.querySelectorAll<HTMLImageElement>("main img")];
    expect(images.map((image) => [image.alt, image.src])).toEqual([
      ["a", `data:image/png;base64,${png}`],
      ["b", `data:image/png;base64,${png}`],
    ]);
    const words = document.querySelector("main p")?.textContent;
    expect(words).toContain("[c: https://example.org/x.png]");
    expect(words).toContain("[g: ../../../../../etc/x.png]");
  });

  it("folds code that its author hid", async () => {
    const { document } = await page([{ code: "1", metadata: { jupyter: { source_hidden: true } } }]);
    expect(document.querySelector<HTMLDetailsElement>(".cell details")?.open).toBe(false);
    expect(document.querySelector(".cell details code")?.textContent).toBe("1");
  });
});

describe("a notebook that does not show what its code does", () => {
  const failed = {
    code: "fail()",
    outputs: [{ output_type: "error" as const, ename: "Error", evalue: "no", traceback: [] }],
  };

  it("is refused when cells were not executed, naming them", async () => {
    const cells = [
      { code: "1" },
      { text: "x" },
      { code: "let a = 1;\na", count: null },
      { code: "  ", count: null },
    ];
    await expect(page(cells)).rejects.toThrow(
      /code cell 2 \(let a = 1;\) is not executed.*--allow-unexecuted/,
    );
    await expect(page([...cells, { code: "b", count: null }])).rejects.toThrow(
      /code cells 2 \(.*\), 3 \(b\) are not/,
    );
    const { document } = await page(cells, {}, { allowUnexecuted: true });
    expect(textOf(document, ".mark")).toEqual(["Not executed"]);
  });

  it("is refused when cells failed, naming them, unless they are meant to", async () => {
    await expect(page([failed])).rejects.toMatchObject({ name: "DataError" });
    await expect(page([{ code: "1" }, failed])).rejects.toThrow(
      /code cell 2 \(fail\(\)\) is in error.*--allow-errors/,
    );
    const { document } = await page([failed], {}, { allowErrors: true });
    expect(textOf(document, ".error")).toEqual(["Error: no"]);
    expect((await page([{ ...failed, tags: ["raises-exception"] }])).text).toContain("Error: no");
  });

  it("is noted when its cells were run in another order", async () => {
    expect(
      (
        await page([
          { code: "1", count: 3 },
          { code: "2", count: 2 },
        ])
      ).notes,
    ).toHaveLength(1);
    expect(
      (
        await page([
          { code: "1", count: 2 },
          { code: "2", count: 7 },
        ])
      ).notes,
    ).toEqual([]);
  });
});

describe("what a notebook holds is data", () => {
  it("only the page's own program may run, and nothing reaches the network", async () => {
    const { document } = await page([{ code: "1", outputs: [shown(figureOf("x"))] }]);
    const policy = document
      .querySelector('meta[http-equiv="Content-Security-Policy"]')!
      .getAttribute("content")!;
    const programs = [...document.querySelectorAll("script")].filter(
      ({ type }) => type === "module" || type === "",
    );
    expect(programs).toHaveLength(1);
    const hash = createHash("sha256").update(programs[0].textContent!).digest("base64");
    expect(policy.split("; ")).toEqual([
      ...["default-src 'none'", `script-src 'sha256-${hash}' blob:`, "style-src 'unsafe-inline'"],
      ...["img-src data: blob:", "font-src data:", "base-uri 'none'", "form-action 'none'"],
    ]);
    expect(document.head.firstElementChild?.getAttribute("charset")).toBe("utf-8");
    expect(document.head.children[1].getAttribute("http-equiv")).toBe("Content-Security-Policy");
    for (const element of document.querySelectorAll("[src], link[href]")) {
      expect(element.getAttribute("src") ?? element.getAttribute("href")).toMatch(/^data:/);
    }
  });

  it("links to scripts are no links, in text and in HTML outputs", async () => {
    const { document } = await page([
      { text: "[a](javascript:alert(1)) [b](https://example.org) <javascript:alert(1)>" },
      {
        code: "1",
        outputs: [
          shown({ "text/html": '<a href="javascript:alert(1)">c</a><a href="https://example.org">d</a>' }),
        ],
      },
    ]);
    expect(
      [...document.querySelectorAll("main a")].map((a) => [a.textContent, a.getAttribute("href")]),
    ).toEqual([
      ["b", "https://example.org"],
      ["c", null],
      ["d", "https://example.org"],
    ]);
  });

  it("any text anywhere stays text: the page has the same elements as with a harmless one", async () => {
    const explorerModule = join(folder, "explorer.js");
    writeFileSync(explorerModule, "");
    const build = async (text: string) => {
      const state = { title: text, settings: { [text]: text } };
      const cells = [
        {
          code: `const a = ${JSON.stringify(text)};`,
          outputs: [
            written(text),
            shown({ "text/plain": text }),
            shown(figureOf(text)),
            shown({ "image/png": png, "text/plain": text }),
            shown({ "application/vnd.dn2.explorer+json": state, "image/png": png, "text/plain": text }),
            { output_type: "error" as const, ename: text, evalue: text, traceback: [] },
          ],
        },
      ];
      const dn2 = { version: text, parameters: { [text]: text } };
      return page(cells, { dn2 }, { explorerModule, allowErrors: true });
    };
    const elements = (document: Document): string[] =>
      [...document.querySelectorAll("*")]
        .filter((element) => !/^(hljs-|ansi-)/.test(element.className))
        .map((element) => `${element.tagName} ${element.getAttributeNames().sort().join(" ")}`);
    const harmless = elements((await build("harmless")).document);
    const pieces = [
      "<img src=x onerror=alert(1)>",
      "</script>",
      "<script>",
      "<!--",
      "-->",
      '"',
      "'",
      "`",
      "&lt;",
      "\u2028",
    ];
    const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (parts) => {
        const text = `x${parts.join("")}`.replaceAll("\x1b", "");
        const { document } = await build(text);
        expect(elements(document)).toEqual(harmless);
        expect(document.querySelector(".result")!.textContent!.length).toBeGreaterThan(0);
      }),
      { numRuns: 12 },
    );
  });
});

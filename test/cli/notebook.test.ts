import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readNotebook } from "../../kernel/run/notebook.js";

const program = join(import.meta.dirname, "../../dist/cli/dn2.js");
const folder = mkdtempSync(join(tmpdir(), "dn2-notebook-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function dn2(args: string[], onStdout?: (child: ChildProcess, text: string) => void): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    outcome.stdout += text;
    onStdout?.(child, outcome.stdout);
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    outcome.stderr += text;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...outcome, code })));
}

function write(name: string, ...sources: string[]): string {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code", id: `c${i}`, source, outputs: [], execution_count: null },
    metadata: { tags: source.startsWith("// parameters") ? ["parameters"] : [] },
  }));
  writeFileSync(join(folder, name), JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return name;
}

const texts = async (name: string) =>
  (await readNotebook(join(folder, name))).cells.map(({ outputs }) =>
    (outputs ?? []).map((output) =>
      "data" in output ? output.data["text/plain"] : "text" in output ? output.text : output.evalue,
    ),
  );

const parameters =
  "// parameters\nconst k = 2; // neighbours\nconst contamination = 0;\nconst name = 'none';";

describe("dn2 notebook run", () => {
  it("executes with parameters, streams what it does, and writes the executed notebook", async () => {
    const path = write("a.ipynb", parameters, "[k, contamination, name, seed]");
    const given = ["-p", "k=5", "-p", "contamination=0.1", "-p", "name=7", "--parameter=seed=[1]"];
    const { code, stdout, stderr } = await dn2(["notebook", "run", path, ...given, "--output", "done.ipynb"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect((await texts("done.ipynb"))[2]).toEqual(["[ 5, 0.1, '7', [ 1 ] ]"]);
    const lines = stderr.trim().split("\n");
    expect(lines[0]).toBe(
      "warning: seed is no parameter of a.ipynb, which declares k, contamination, name; injected all the same",
    );
    expect(lines[2]).toMatch(/^cell 1 of 3: const k = 2; \/\/ neighbours {2}\d+\.\d s$/);
    expect(lines[4]).toMatch(/^cell 3 of 3: \[k, contamination, name, seed\] {2}\d+\.\d s$/);
    expect(lines[5]).toBe("wrote done.ipynb (3 of 3 cells executed)");
    expect(await texts("a.ipynb")).toEqual([[], []]);
  });

  it("stops at the first error, says cell and line, has written what was executed, exit code 1", async () => {
    const path = write(
      "b.ipynb",
      "console.log('before')",
      "const x = 1;\n\nthrow new Error(`no ${x}`);",
      "'after'",
    );
    const { code, stderr } = await dn2(["notebook", "run", path, "--output", "b-done.ipynb"]);
    expect(code).toBe(1);
    expect(stderr).toContain("dn2: b.ipynb, cell 2 of 3, line 3: Error: no 1\n");
    expect(stderr).not.toContain("\x1b");
    expect(await texts("b-done.ipynb")).toEqual([["before\n"], ["no 1"], []]);
    const allowed = await dn2(["notebook", "run", path, "--output", "b-done.ipynb", "--allow-errors"]);
    expect(allowed.code).toBe(0);
    expect(allowed.stderr).toContain("cell 2 of 3, line 3: Error: no 1");
    expect(await texts("b-done.ipynb")).toEqual([["before\n"], ["no 1"], ["'after'"]]);
  });

  it("ends with Ctrl-C, also when two programs hand it on, and has then written what was done", async () => {
    const path = write("c.ipynb", "21 * 2", "console.log('waiting'); await new Promise(() => {});", "3");
    let sent = false;
    const { code, stderr } = await dn2(
      ["notebook", "run", path, "-o", "c-done.ipynb", "--log-output"],
      (child, text) => {
        if (!text.includes("waiting") || sent) return;
        sent = true;
        child.kill("SIGINT");
        child.kill("SIGINT");
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain("dn2: the run of c.ipynb was interrupted");
    expect(await texts("c-done.ipynb")).toEqual([["42"], ["waiting\n", "interrupted by the user"], []]);
  });

  it("runs several notebooks and folders, and says how many were good", async () => {
    mkdirSync(join(folder, "many"), { recursive: true });
    write("many/one.ipynb", "1");
    write("many/two.ipynb", "throw 2");
    const { code, stderr } = await dn2(["notebook", "run", "many", write("d.ipynb", "4"), "-o", "results"]);
    expect(code).toBe(1);
    expect(stderr).toContain("2 of 3 notebooks ran without an error");
    expect(await texts("results/one.ipynb")).toEqual([["1"]]);
    expect(await texts("results/d.ipynb")).toEqual([["4"]]);
    expect(existsSync(join(folder, "results/two.ipynb"))).toBe(true);
  });

  it("takes parameters from a file, and writes over the notebook when asked to", async () => {
    writeFileSync(join(folder, "values.json"), '{"k": 3, "contamination": 0.2}');
    const path = write("e.ipynb", parameters, "[k, contamination]");
    const { code } = await dn2(["notebook", "run", path, "-f", "values.json", "-p", "k=4", "--in-place"]);
    expect(code).toBe(0);
    expect((await texts("e.ipynb"))[2]).toEqual(["[ 4, 0.2 ]"]);
  });

  it("ends a cell that takes too long", async () => {
    const path = write("l.ipynb", "await new Promise(() => {});", "2");
    const { code, stderr } = await dn2(["notebook", "run", path, "--timeout", "0.2"]);
    expect(code).toBe(1);
    expect(stderr).toContain("cell 1 of 2: Timeout: the cell took longer than 0.2 s");
    expect(stderr).not.toContain("cell 2 of 2");
  });

  it("answers a wrong command line with one line, and runs nothing", async () => {
    const path = write("f.ipynb", parameters, "require('fs').writeFileSync('ran', '')");
    const cases: [string[], number, RegExp][] = [
      [[], 2, /needs a notebook; got none/],
      [["gone.ipynb"], 2, /there is no notebook gone\.ipynb/],
      [[path, "-p", "k"], 2, /-p needs NAME=VALUE.*got k/],
      [[path, "-p"], 2, /-p needs a value/],
      [
        [path, "-p", "k=many"],
        2,
        /the parameter k must be a number, as in the notebook \(k = 2\); got "many"/,
      ],
      [[path, "--output", `${path}/x.ipynb`], 2, /--output must be in a folder that can be written or made/],
      [[path, "--output", "x.ipynb", "--in-place"], 2, /exclude each other/],
      [[path, "--timeout", "soon"], 2, /--timeout must be a number of seconds above 0; got soon/],
      [[path, "-f", path.replace("f.", "g.")], 2, /--parameters-file must be a JSON file/],
    ];
    const outcomes = await Promise.all(cases.map(([args]) => dn2(["notebook", "run", ...args])));
    for (const [i, { code, stderr }] of outcomes.entries()) {
      expect(stderr).toMatch(cases[i][2]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(code).toBe(cases[i][1]);
    }
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });
});

describe("dn2 notebook parameters", () => {
  it("lists what a notebook takes", async () => {
    const { code, stdout } = await dn2(["notebook", "parameters", write("g.ipynb", parameters)]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "k = 2              neighbours\ncontamination = 0\nname = 'none'\n",
    });
  });
});

describe("dn2 kernel", () => {
  it("registers the kernel for an environment or the user, lists and removes it", async () => {
    const prefix = join(folder, "environment");
    mkdirSync(prefix);
    const spec = join(prefix, "share", "jupyter", "kernels", "dn2", "kernel.json");
    const installed = await dn2(["kernel", "install", "--prefix", prefix]);
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(readFileSync(spec, "utf8")).display_name).toBe("DN2 (TypeScript)");
    writeFileSync(spec, JSON.stringify({ argv: ["node", "other/main.js"] }));
    expect((await dn2(["kernel", "install", "--prefix", prefix])).stdout).toContain(
      "before, it started other/main.js",
    );
    expect((await dn2(["kernel", "uninstall", "--prefix", prefix])).stdout).toMatch(/^removed .*dn2\n$/);
    expect((await dn2(["kernel", "uninstall", "--prefix", prefix])).stdout).toMatch(/^nothing to remove/);
    expect(existsSync(spec)).toBe(false);

    const home = join(folder, "home");
    process.env.JUPYTER_DATA_DIR = home;
    expect((await dn2(["kernel", "install", "--user"])).stdout).toContain(join(home, "kernels", "dn2"));
    expect((await dn2(["kernel", "list"])).stdout).toContain(
      `${join(home, "kernels", "dn2")}: starts this package\n`,
    );
    expect((await dn2(["kernel", "uninstall", "--user"])).code).toBe(0);
    expect((await dn2(["kernel", "list"])).stdout).toContain(
      `${join(home, "kernels", "dn2")}: not registered\n`,
    );
    expect(existsSync(join(home, "kernels", "dn2"))).toBe(false);
  });

  it("wants to know where", async () => {
    for (const args of [
      ["install"],
      ["uninstall", "--user", "--prefix", "."],
      ["install", "--prefix", "nowhere"],
    ]) {
      const { code, stderr } = await dn2(["kernel", ...args]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/--prefix/);
    }
  });
});

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { nodeVersionProblem } from "../../scripts/setup/node-version.mjs";
import { projectRoot } from "../../scripts/setup/paths.mjs";

const scripts = join(projectRoot, "scripts");

test.each(["20.19.0", "20.20.2", "22.12.0", "23.0.0", "24.1.0", "26.0.0"])("Node %s is fine", (version) => {
  expect(nodeVersionProblem(version)).toBe("");
});

test.each(["12.22.12", "18.20.8", "20.18.3", "21.7.0", "22.11.0"])(
  "Node %s gets one sentence with the remedy",
  (version) => {
    const problem = nodeVersionProblem(version);
    expect(problem).toContain(`this is Node ${version}; install`);
    expect(problem).not.toContain("\n");
  },
);

test.each(["setup.mjs", "start.mjs", "test.mjs", "build.mjs", "setup/guard.mjs", "setup/node-version.mjs"])(
  "%s can be read by an old Node",
  (name) => {
    const text = readFileSync(join(scripts, name), "utf8");
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const tooNew = new Set([
      ts.SyntaxKind.QuestionDotToken,
      ts.SyntaxKind.QuestionQuestionToken,
      ts.SyntaxKind.QuestionQuestionEqualsToken,
      ts.SyntaxKind.AwaitExpression,
      ts.SyntaxKind.PrivateIdentifier,
    ]);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (tooNew.has(node.kind)) found.push(node.parent.getText());
      ts.forEachChild(node, visit);
    };
    visit(source);
    expect(found).toEqual([]);
    const imports = [...text.matchAll(/^import .* from "(.*)"/gm)].map((match) => match[1]);
    expect(imports.every((path) => /(guard|node-version)\.mjs$/.test(path))).toBe(true);
  },
);

test.each(["setup", "start"])(
  "an unknown option of %s is told with the usage, and exits with 2",
  (command) => {
    const ran = spawnSync(process.execPath, [join(scripts, `${command}.mjs`), "--bogus"], {
      encoding: "utf8",
    });
    expect(ran.stderr).toMatch(/^unknown option --bogus\n\nusage: npm /);
    expect(ran.status).toBe(2);
  },
);

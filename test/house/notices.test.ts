import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notices } from "../../scripts/setup/notices-command.mjs";
import { root } from "./sources.js";

test("the third-party notices list what package.json and requirements.txt name", () => {
  const listed = readFileSync(join(root, "THIRD-PARTY-NOTICES.md"), "utf8");
  expect(listed).toBe(notices(root));
});

test("each package in the notices has a licence", () => {
  expect(notices(root).match(/^\|[^|]+\|[^|]+\| *\|.*$/m)?.[0]).toBeUndefined();
});

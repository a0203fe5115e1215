import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

/** First folder of DN2_DATA that exists: where tests on real images and weights look; undefined when there is none. */
export const realData: string | undefined = (process.env.DN2_DATA ?? "")
  .split(delimiter)
  .find((folder) => folder !== "" && existsSync(folder));

/**
 * A group of tests on real data, skipped with one printed line when DN2_DATA names no folder or files are missing in it.
 *
 * @param name - name of the group
 * @param define - defines the tests; receives the data folder; must read files inside tests only
 * @param needed - files or folders, relative to the data folder, without which the group is skipped
 */
export function describeReal(
  name: string,
  define: (folder: string) => void,
  needed: readonly string[] = [],
): void {
  const folder = realData ?? "";
  const missing =
    realData === undefined ? ["DN2_DATA"] : needed.filter((path) => !existsSync(join(folder, path)));
  if (missing.length === 0) {
    describe(name, () => define(folder));
    return;
  }
  const remedy = realData === undefined ? "set DN2_DATA to a folder with real data" : `put it into ${folder}`;
  console.log(`skipped: ${name} needs ${missing.join(", ")}; ${remedy}`);
  describe.skip(name, () => define(folder));
}

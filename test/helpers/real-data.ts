import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { describe } from "vitest";

/** First folder of DN2_DATA that exists: where tests on real images and weights look; undefined when there is none. */
export const realData: string | undefined = (process.env.DN2_DATA ?? "")
  .split(delimiter)
  .find((folder) => folder !== "" && existsSync(folder));

let told = false;

/**
 * A group of tests on real data, skipped with one printed line when DN2_DATA names no folder.
 *
 * @param name - name of the group
 * @param define - defines the tests; receives the data folder
 */
export function describeReal(name: string, define: (folder: string) => void): void {
  if (realData === undefined) {
    if (!told) console.log(`skipped: ${name} and other tests on real data; set DN2_DATA to the folder that holds it`);
    told = true;
    describe.skip(`${name} (needs DN2_DATA)`, () => define(""));
    return;
  }
  const folder = realData;
  describe(name, () => define(folder));
}

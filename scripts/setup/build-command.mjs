import { setUp } from "./set-up.mjs";

/** The command `npm run build`. */
export async function main() {
  process.exitCode = await setUp({ only: ["npm-packages", "build"] });
}

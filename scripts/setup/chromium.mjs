import { existsSync } from "node:fs";
import { onPath } from "./npm.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * Finds a browser for the browser tests. DN2_CHROMIUM names one to take instead.
 *
 * @returns {string | undefined} its program
 */
export function findChromium() {
  const named = process.env.DN2_CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return names.flatMap(onPath)[0] ?? places.find((path) => existsSync(path));
}

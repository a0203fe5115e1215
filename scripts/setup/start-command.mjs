import { existsSync } from "node:fs";
import { join } from "node:path";
import { startJupyter } from "./jupyter-server.mjs";
import { pathsOf, projectRoot } from "./paths.mjs";
import { setUp } from "./set-up.mjs";

const usage = `usage: npm start [-- --no-browser]

Sets everything up if need be, then opens JupyterLab on the tour. Ctrl-C ends it.
  --no-browser   print the address and open no browser`;

/**
 * The command `npm start`.
 *
 * @param {string[]} args
 */
export async function main(args) {
  const unknown = args.find((arg) => !["--no-browser", "--help"].includes(arg));
  if (unknown) {
    console.error(`unknown option ${unknown}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (args.includes("--help")) {
    console.log(usage);
    return;
  }
  const code = await setUp();
  process.exitCode = code === 0 ? await serve(!args.includes("--no-browser")) : code;
}

/**
 * @param {boolean} open - show the page in the browser
 * @returns {Promise<number>} exit code, when the server has ended
 */
async function serve(open) {
  const paths = pathsOf(projectRoot);
  const tour = "notebooks/00-tour.ipynb";
  const notebook = existsSync(join(projectRoot, tour)) ? tour : "notebooks";
  const server = await startJupyter(paths, { open, notebook });
  let stopping = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      console.log("\nending JupyterLab and its kernels");
      void server.stop();
    });
  }
  if (await server.answers()) {
    console.log(`\nJupyterLab: ${server.address}\nCtrl-C ends it; its log is .dn2/jupyter.log`);
  }
  const code = await server.ended;
  if (stopping) return 0;
  console.error(`JupyterLab ended by itself (exit code ${code}); the end of .dn2/jupyter.log:\n`);
  console.error(server.lastOutput().split("\n").slice(-12).join("\n"));
  return 1;
}

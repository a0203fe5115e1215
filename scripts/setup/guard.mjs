import { nodeVersionProblem } from "./node-version.mjs";

/**
 * Starts a command if this Node can run it. Written in syntax that an old Node can read, so that it gets as far as the
 * sentence that turns it away.
 *
 * @param {() => Promise<{ main: (args: string[]) => unknown }>} load - imports the module that holds the command
 */
export function guarded(load) {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) {
    console.error(problem);
    process.exitCode = 1;
  } else {
    load().then((command) => command.main(process.argv.slice(2)));
  }
}

// Runs the cell on standard input under plain tslab, as a notebook in the current folder does.
const { readFileSync } = require("node:fs");
const { createConverter } = require("tslab/dist/converter");
const { createExecutor } = require("tslab/dist/executor");

const node = createConverter({});
const close = () => node.close();
const executor = createExecutor(process.cwd(), { node, browser: node, close }, console);
executor.execute(readFileSync(0, "utf8")).then((succeeded) => {
  executor.close();
  process.exit(succeeded ? 0 : 1);
});

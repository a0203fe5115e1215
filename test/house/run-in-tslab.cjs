// Runs the cell on standard input under plain tslab, as a notebook in the folder named by the first argument does.
const { readFileSync } = require("node:fs");
const { createConverter } = require("tslab/dist/converter");
const { createExecutor } = require("tslab/dist/executor");

const folder = process.argv[2];
const node = createConverter({ cwd: folder });
const close = () => node.close();
const executor = createExecutor(folder, { node, browser: node, close }, console);
executor.execute(readFileSync(0, "utf8")).then((succeeded) => {
  executor.close();
  process.exit(succeeded ? 0 : 1);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isBuilt } from "../../scripts/setup/build-step.mjs";
import { kernelspecProblem } from "../../scripts/setup/kernelspec.mjs";
import { pathsOf, projectRoot, readJson } from "../../scripts/setup/paths.mjs";
import { processIdentity } from "../../scripts/setup/processes.mjs";

const paths = pathsOf(projectRoot);
const ready = existsSync(paths.jupyter) && kernelspecProblem(paths) === "" && isBuilt(paths);
if (!ready) console.log("set-up is not complete, so npm start is not tried (npm run setup)");

test.skipIf(!ready || process.platform === "win32")(
  "npm start prints an address that answers, offers the kernel, and ends with Ctrl-C",
  { timeout: 240_000 },
  async () => {
    const script = join(projectRoot, "scripts", "start.mjs");
    const child = spawn(process.execPath, [script, "--no-browser"], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    const address = await new Promise<URL>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        const found = text.match(/^JupyterLab: (\S+)$/m);
        if (found) resolve(new URL(found[1]));
      });
      child.on("exit", () => reject(new Error(`it ended before it printed an address:\n${text}`)));
    });
    expect(address.hostname).toBe("127.0.0.1");
    expect((await fetch(address)).status).toBe(200);
    const listed = await fetch(new URL(`/api/kernelspecs${address.search}`, address));
    expect(await listed.json()).toMatchObject({ default: "dn2", kernelspecs: { dn2: {} } });
    expect((await fetch(new URL("/api/kernelspecs", address))).status).toBe(403);
    const server = readJson(join(paths.dn2, "jupyter.json"));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(processIdentity(server.pid)).toBeUndefined();
  },
);

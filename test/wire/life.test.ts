import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { snapshotPath } from "../../kernel/compiler/snapshot.js";
import { KernelClient, kernelMain } from "../helpers/kernel-client.js";

describe("life and death of a kernel", () => {
  it("shuts down on request and leaves no text", async () => {
    const kernel = await KernelClient.start({ transport: "tcp" });
    try {
      expect((await kernel.execute("1 + 1")).reply.status).toBe("ok");
      const reply = await kernel.request("shutdown_request", { restart: true }, { channel: "control" });
      expect(reply).toEqual({ status: "ok", restart: true });
      expect(await kernel.exit()).toEqual({ code: 0, signal: null });
      expect(kernel.processOutput).toBe("");
    } finally {
      kernel.close();
    }
  });

  it("shuts down in the middle of a busy loop", async () => {
    const kernel = await KernelClient.start();
    try {
      const id = kernel.sendCode('console.log("go"); await null; while (true) {}');
      await kernel.until(() => kernel.outputsOf(id).length > 1, "the cell to start");
      await kernel.request("shutdown_request", { restart: false }, { channel: "control" });
      await kernel.exit();
    } finally {
      kernel.close();
    }
  });

  it("ends cleanly when a cell calls process.exit", async () => {
    const kernel = await KernelClient.start();
    try {
      kernel.sendCode("process.exit(3)");
      expect((await kernel.exit()).code).toBe(3);
      expect(kernel.processOutput).toBe("");
    } finally {
      kernel.close();
    }
  });

  it("ends when the process that started it is gone, also while a cell computes", async () => {
    const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(parent, "spawn");
    const kernel = await KernelClient.start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    try {
      const id = kernel.sendCode('console.log("go"); while (true) {}');
      await kernel.until(() => kernel.outputsOf(id).length > 1, "the cell to start");
      parent.kill("SIGKILL");
      await kernel.exit();
      expect(kernel.processOutput).toBe("");
    } finally {
      kernel.close();
    }
  });

  it("works without a usable snapshot of its compiler, and makes a new one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dn2-snapshot-"));
    const name = basename(snapshotPath() ?? "");
    writeFileSync(join(folder, name), "no snapshot");
    const kernel = await KernelClient.start({ env: { DN2_KERNEL_CACHE: folder } });
    try {
      expect((await kernel.execute("1 + 1")).reply.status).toBe("ok");
      while (!existsSync(join(folder, name))) await new Promise((done) => setTimeout(done, 100));
      expect(statSync(join(folder, name)).size).toBeGreaterThan(1e6);
    } finally {
      kernel.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("never prints the key, and says in one sentence what is wrong with a connection file", async () => {
    const run = async (...args: string[]): Promise<{ code: number; text: string }> => {
      const child = spawn(process.execPath, [kernelMain, ...args]);
      let text = "";
      child.stderr.on("data", (data) => {
        text += data;
      });
      const [code] = await once(child, "close");
      return { code, text };
    };
    expect(await run()).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^[^\n]*connection file[^\n]*\n$/),
    });
    const missing = await run("/nowhere/connection.json");
    expect(missing).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^cannot read .*nowhere[^\n]*\n$/),
    });
    const wrong = await run(new URL("../../package.json", import.meta.url).pathname);
    expect(wrong.text).toMatch(/^the connection file .* must hold shell_port[^\n]*\n$/);
    expect(readFileSync(kernelMain, "utf8")).not.toContain("key");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { SetupLock } from "../../scripts/setup/lock.mjs";
import { processIdentity } from "../../scripts/setup/processes.mjs";

const folder = mkdtempSync(join(tmpdir(), "dn2-lock-"));
const path = join(folder, "setup.lock");
beforeEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const ignore = () => {};
const holder = (pid: number) => ({ pid, identity: processIdentity(pid) });

test("a second set-up waits until the first has ended", async () => {
  const first = new SetupLock(path);
  const second = new SetupLock(path);
  await first.acquire(ignore);
  const waitedFor: number[] = [];
  const acquired = second.acquire((pid) => {
    waitedFor.push(pid);
    first.release();
  });
  await acquired;
  expect(waitedFor).toEqual([process.pid]);
  expect(second.held).toBe(true);
  second.release();
  expect(existsSync(path)).toBe(false);
});

test("waiting can be cancelled, and leaves the lock to its holder", async () => {
  const first = new SetupLock(path);
  await first.acquire(ignore);
  const second = new SetupLock(path);
  let told = 0;
  await second.acquire(
    () => {
      told++;
    },
    () => told > 0,
  );
  second.release();
  expect(second.held).toBe(false);
  expect(existsSync(path)).toBe(true);
});

test.each([
  ["of a process that has ended", JSON.stringify({ pid: 2 ** 22 + 1, identity: "1", children: [] })],
  [
    "of a process number that is used again",
    JSON.stringify({ pid: process.pid, identity: "0", children: [] }),
  ],
  ["that is no JSON", "{"],
  ["that is empty", ""],
])("a lock %s is taken over", async (_, content) => {
  writeFileSync(path, content);
  const lock = new SetupLock(path);
  await lock.acquire(() => {
    throw new Error("it must not wait");
  });
  expect(JSON.parse(readFileSync(path, "utf8")).pid).toBe(process.pid);
  lock.release();
});

test.skipIf(process.platform === "win32")(
  "what a killed set-up left running is ended, and nothing else",
  async () => {
    const sleeper = () =>
      spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    const [orphan, stranger] = [sleeper(), sleeper()];
    const children = [holder(orphan.pid ?? 0), { pid: stranger.pid, identity: "another start" }];
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, identity: "1", children }));
    const ended = once(orphan, "exit");
    const lock = new SetupLock(path);
    await lock.acquire(ignore);
    await ended;
    expect(orphan.signalCode).toBe("SIGKILL");
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill("SIGKILL");
    lock.release();
  },
);

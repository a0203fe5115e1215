import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { kernelSpec } from "../../kernel/spec/kernel-spec.js";
import { writeExecuted } from "../share/notebooks.js";
import { chromiumPath, type Lab, LabNotebook, labPython, startBrowser, startLab } from "./jupyter-lab.js";

/** Where browser tests leave pictures of what they saw. */
export const screenshots = join(import.meta.dirname, "../screenshots");

/** The notebook metadata that names dn2's kernel. */
export const kernelspec = {
  name: "dn2",
  display_name: String(kernelSpec().display_name),
  language: "typescript",
};

/** JupyterLab on a temporary folder, and a browser, for one group of tests. */
export interface LabSession {
  /** What the server shows. */
  readonly folder: string;
  /** The server; from the first test on. */
  readonly lab: Lab;
  /** The browser; from the first test on. */
  readonly browser: Browser;
  /**
   * Opens a notebook in a page of its own and waits until its kernel is idle.
   *
   * @param name - path below the folder
   * @param size - of the window, in pixels
   * @returns the open notebook
   */
  open(name: string, size?: { width: number; height: number }): Promise<LabNotebook>;
}

/** What a group of tests needs. */
export interface LabNeeds {
  /** Puts files into the folder before the server starts. */
  readonly fill: (folder: string) => void;
  /** Opens what all tests share, and runs its first cells. */
  readonly begin?: (session: LabSession) => Promise<void>;
  /** What is missing beside JupyterLab and a browser; default nothing. */
  readonly missing?: string;
}

/**
 * A group of tests in JupyterLab, skipped with one printed line where JupyterLab or a browser is missing. The server and the browser
 * are started before the first test and ended after the last.
 *
 * @param title - name of the group
 * @param needs - files, what is opened first
 * @param define - defines the tests; uses the session inside them only
 */
export function describeInLab(title: string, needs: LabNeeds, define: (session: LabSession) => void): void {
  const missing =
    labPython() === undefined ? "JupyterLab" : chromiumPath() === undefined ? "Chromium" : needs.missing;
  if (missing) console.log(`skipped: ${title} needs ${missing}`);
  describe.skipIf(missing !== undefined)(title, () => {
    const session = {
      open: (name: string, size?: { width: number; height: number }) =>
        LabNotebook.open(session.browser, session.lab, name, size),
    } as { -readonly [Part in keyof LabSession]: LabSession[Part] };

    beforeAll(async () => {
      mkdirSync(screenshots, { recursive: true });
      session.folder = mkdtempSync(join(tmpdir(), "dn2-lab-test-"));
      needs.fill(session.folder);
      await Promise.all([
        startLab(session.folder).then((lab) => {
          session.lab = lab;
        }),
        startBrowser().then((browser) => {
          session.browser = browser;
        }),
      ]);
      await needs.begin?.(session);
    }, 400_000);

    afterAll(async () => {
      await session.browser?.close();
      await session.lab?.stop();
      if (session.folder) rmSync(session.folder, { recursive: true, force: true });
    });

    define(session);
  });
}

/**
 * Writes a notebook for dn2's kernel that was not executed.
 *
 * @param folder - where to
 * @param name - file name
 * @param sources - code of its cells
 * @returns its path
 */
export function writeCells(folder: string, name: string, sources: readonly string[]): string {
  return writeExecuted(
    folder,
    name,
    sources.map((code) => ({ code, count: null })),
    { kernelspec },
  );
}

import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Markup that a data set could hold as the name of a class, and that shows when it acts. */
export const hostile = '<img src=x onerror="globalThis.ran = (globalThis.ran ?? 0) + 1">';

interface Watched {
  ran?: number;
  violations?: string[];
}

/** A shared page in a browser without a network. */
export interface SharedPage {
  /** The browser's page. */
  readonly page: Page;
  /** Errors of its programs and requests that leave the disk. */
  readonly problems: string[];
  /** Closes it. */
  close(): Promise<void>;
}

/**
 * Opens a shared page from disk, with the network refused.
 *
 * @param browser - the browser
 * @param file - the page
 * @param options - window, color scheme, whether the page's policy holds
 * @returns the open page
 */
export async function openShared(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<SharedPage> {
  const context = await browser.newContext({ offline: true, ...options });
  await context.addInitScript(() => {
    const watched = globalThis as unknown as Watched;
    const violations: string[] = [];
    watched.violations = violations;
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`request ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, problems, close: () => context.close() };
}

/**
 * @param page - an open page
 * @returns how often hostile markup acted, and what the page's policy stopped
 */
export function watched(page: Page): Promise<{ ran: number; violations: string[] }> {
  return page.evaluate(() => {
    const { ran = 0, violations = [] } = globalThis as unknown as Watched;
    return { ran, violations };
  });
}

/**
 * Scrolls through a shared page until every figure and explorer has come to life.
 *
 * @param page - an open page
 */
export async function allLive(page: Page): Promise<void> {
  const figures = page.locator("figure.plotly, figure.explorer");
  for (let i = 0; i < (await figures.count()); i++) {
    await figures.nth(i).evaluate((figure) => figure.scrollIntoView());
    await page.waitForFunction(
      (at) => document.querySelectorAll("figure.plotly, figure.explorer")[at].matches(".live"),
      i,
      { timeout: 120_000 },
    );
  }
}

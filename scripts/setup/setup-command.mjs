import { checkSetup, printReport } from "./check.mjs";
import { projectRoot } from "./paths.mjs";
import { setUp } from "./set-up.mjs";

const usage = `usage: npm run setup [-- --check [--json]]

Without an option: makes everything that dn2 needs inside this folder; safe to interrupt and to repeat.
  --check   say what is there and what is missing, and change nothing
  --json    with --check: the report as JSON`;

/**
 * The command `npm run setup`.
 *
 * @param {string[]} args
 */
export async function main(args) {
  const unknown = args.filter((arg) => !["--check", "--json", "--help"].includes(arg));
  if (unknown.length > 0 || (args.includes("--json") && !args.includes("--check"))) {
    console.error(unknown.length > 0 ? `unknown option ${unknown[0]}\n\n${usage}` : usage);
    process.exitCode = 2;
  } else if (args.includes("--help")) console.log(usage);
  else if (args.includes("--check")) {
    const report = await checkSetup(projectRoot);
    if (args.includes("--json")) console.log(JSON.stringify(report, null, 2));
    else printReport(report);
    process.exitCode = report.every((item) => item.ok || !item.required) ? 0 : 1;
  } else process.exitCode = await setUp({ retry: true });
}

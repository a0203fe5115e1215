/**
 * Runs steps, each as soon as the steps it needs are done. A step whose needs failed is left out.
 *
 * @param {readonly import("./context.mjs").Step[]} steps - each after those it needs; a need that is not among them counts as done
 * @param {import("./context.mjs").Context} context
 * @param {import("./reporter.mjs").Reporter} reporter
 * @returns {Promise<boolean>} true when every step succeeded
 */
export async function runSteps(steps, context, reporter) {
  /** @type {Map<string, Promise<boolean>>} */
  const results = new Map();
  for (const step of steps) {
    const needs = step.needs.flatMap((name) => results.get(name) ?? []);
    results.set(step.name, runAfter(step, needs, context, reporter));
  }
  return (await Promise.all(results.values())).every(Boolean);
}

/**
 * @param {import("./context.mjs").Step} step
 * @param {Promise<boolean>[]} needs
 * @param {import("./context.mjs").Context} context
 * @param {import("./reporter.mjs").Reporter} reporter
 */
async function runAfter(step, needs, context, reporter) {
  if (!(await Promise.all(needs)).every(Boolean)) return false;
  reporter.start(step.title);
  try {
    reporter.done(step.title, await step.run(context));
    return true;
  } catch (error) {
    if (!context.interrupted) reporter.failed(step.title, error);
    return false;
  }
}

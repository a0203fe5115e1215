/**
 * Arguments with which Node runs the kernel:
 * no warning about the loading of ES modules by cells; no abort when code inside the frame of a timer is terminated
 * (see `Interrupter`); room for the young objects of the type checker, which halves the time spent collecting them.
 *
 * @returns those that this version of Node knows
 */
export function nodeArguments(): string[] {
  const wanted = [
    "--disable-warning=ExperimentalWarning",
    "--no-force-async-hooks-checks",
    "--max-semi-space-size=32",
  ];
  return wanted.filter((argument) => process.allowedNodeEnvironmentFlags.has(argument.replace(/=.*/, "")));
}

/**
 * Calls back when the process that started the kernel is gone, so that a kernel never outlives its front end.
 *
 * @param parent - identifier of the starting process
 * @param gone - called once
 */
export function watchParent(parent: number, gone: () => void): void {
  const direct = process.ppid === parent;
  const timer = setInterval(() => {
    if (direct ? process.ppid === parent : isRunning(parent)) return;
    clearInterval(timer);
    gone();
  }, 1000);
  timer.unref();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

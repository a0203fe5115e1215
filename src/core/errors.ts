/**
 * A file, archive or checkpoint is not what it should be.
 *
 * The message is one sentence: what was required, what came, what to do.
 */
export class DataError extends Error {
  override readonly name = "DataError";

  /**
   * @param message - one sentence naming the file and the reason
   * @param path - the file or archive concerned, where there is one
   * @param cause - the underlying error, where there is one
   */
  constructor(
    message: string,
    readonly path?: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** A folder holds nothing of what was asked for: on the command line, the wrong one was named. */
export class NothingFound extends DataError {}

/** Work was interrupted by its user; what had been finished before stays. */
export class Aborted extends Error {
  override readonly name = "Aborted";
}

/**
 * The message of anything thrown.
 *
 * @param error - a thrown value of any kind
 * @returns its message, or its text when it is no Error
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Why a JSON file cannot be read, in one line.
 *
 * @param error - what reading or parsing threw
 * @returns that it is not JSON, or the error's message
 */
export function whyNotJson(error: unknown): string {
  return error instanceof SyntaxError ? "it is not JSON" : messageOf(error);
}

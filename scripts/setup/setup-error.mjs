/** A step of the set-up failed for a reason that a person can act on: one sentence and its remedy. */
export class SetupError extends Error {
  /**
   * @param {string} message - what is wrong
   * @param {string} remedy - what to do
   */
  constructor(message, remedy) {
    super(message);
    this.name = "SetupError";
    this.remedy = remedy;
  }
}

/** The set-up was interrupted by a signal. */
export class Interrupted extends Error {}

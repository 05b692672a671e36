// Runs a task for the latest request only.

const GRACE_MS = 250; // how long an outdated run may still take before it is aborted

/** Runs one task at a time, and again when it was requested meanwhile, until the latest request is served. */
export class LatestTask {
  #task;
  #outdated = false;
  #controller = new AbortController();
  /** @type {Promise<void> | undefined} */
  #running;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #abortTimer;

  /**
   * @param {(signal: AbortSignal) => Promise<unknown>} task does whatever is wanted at the time it starts; an
   *   AbortError that it throws is ignored
   */
  constructor(task) {
    this.#task = task;
  }

  /** Request a run. The promise resolves when the latest request has been served; it rejects if the task fails. */
  request() {
    if (this.#running) {
      this.#outdated = true;
      this.#abortTimer ??= setTimeout(() => this.#controller.abort(), GRACE_MS);
      return this.#running;
    }
    this.#running = this.#run().finally(() => { this.#running = undefined; });
    return this.#running;
  }

  async #run() {
    do {
      this.#outdated = false;
      this.#controller = new AbortController();
      try {
        await this.#task(this.#controller.signal);
      } catch (error) {
        if (!isAbort(error)) throw error;
      } finally {
        clearTimeout(this.#abortTimer);
        this.#abortTimer = undefined;
      }
    } while (this.#outdated);
  }
}

/**
 * Is this the error of an aborted request?
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof Error && error.name === "AbortError";
}

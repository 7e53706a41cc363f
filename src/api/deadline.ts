/**
 * A time-out for axios, which takes anything that is shaped like an AbortSignal. Node's own would keep its timer when the
 * answer is there: after a thousand changes, a thousand of them wait for the whole time-out.
 */
export class Deadline {
  aborted = false;
  #timer: NodeJS.Timeout;
  #onAbort: (() => void) | undefined;

  constructor(ms: number) {
    const due = Date.now() + ms; // performance.now() would load a module
    this.#timer = setTimeout(() => {
      // What arrived while the process was stopped is not read yet: it gets as long as this is late, a second at most.
      const lateMs = Math.max(0, Date.now() - due);
      this.#timer = setTimeout(() => setImmediate(() => this.#abort()), Math.min(lateMs, 1000));
    }, ms);
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#onAbort = listener;
  }

  removeEventListener(): void {
    this.#onAbort = undefined;
  }

  /** It is no longer waited for. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#onAbort = undefined;
  }

  #abort(): void {
    this.aborted = true;
    this.#onAbort?.();
  }
}

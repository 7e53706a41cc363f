/**
 * A time-out for axios, which takes anything that is shaped like an AbortSignal. Node's own would keep its timer when the
 * answer is there: after a thousand changes, a thousand of them wait for the whole time-out.
 */
export class Deadline {
  aborted = false;
  readonly #timer: NodeJS.Timeout;
  #onAbort: (() => void) | undefined;

  constructor(ms: number) {
    this.#timer = setTimeout(() => {
      this.aborted = true;
      this.#onAbort?.();
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
  }
}

import { quiescent } from './quiescent.ts';

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that moves only from one due thing to the next; all that follows from one has happened before the next. */
export class Timeline {
  /** Called when all that follows from one thing has happened. */
  readonly #calm: () => void;
  readonly #due = new Set<Due>();
  #nowMs = 1_700_000_000_000;

  constructor(calm: () => void) {
    this.#calm = calm;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Runs it after `ms`, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void {
    const due = { atMs: this.#nowMs + Math.max(0, ms), run };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }

  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.#settle();
    for (let due = this.#next(untilMs); due !== undefined; due = this.#next(untilMs)) {
      this.#due.delete(due);
      this.#nowMs = due.atMs;
      due.run();
      await this.#settle();
    }
    this.#nowMs = untilMs;
  }

  async #settle(): Promise<void> {
    await quiescent();
    this.#calm();
  }

  /** The earliest; of equal ones the one that was asked for first. */
  #next(untilMs: number): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due) if (due.atMs <= untilMs && due.atMs < (next?.atMs ?? Infinity)) next = due;
    return next;
  }
}

/** From a reason to plan to the last delivery of that plan: what is still under way, by job. */
export class Rounds {
  readonly #open = new Map<string, { readonly since: number; waiting: Set<string> | undefined }>();
  readonly #done: (job: string, durationMs: number) => void;

  constructor(done: (job: string, durationMs: number) => void) {
    this.#done = done;
  }

  /** A reason to plan came up; a round under way goes on. */
  begin(job: string, now: number): void {
    if (!this.#open.has(job)) this.#open.set(job, { since: now, waiting: undefined });
  }

  /** The plan is made and these files are on their way. */
  sent(job: string, files: Iterable<string>, now: number): void {
    const round = this.#open.get(job);
    if (round === undefined) return;
    round.waiting = new Set(files);
    this.#finishIfDone(job, now);
  }

  /** One file was tried, well or badly. */
  tried(file: string, now: number): void {
    for (const [job, round] of [...this.#open]) {
      if (round.waiting?.delete(file) === true) this.#finishIfDone(job, now);
    }
  }

  /** There was nothing to plan; deliveries of the plan before go on. */
  idle(job: string): void {
    if (this.#open.get(job)?.waiting === undefined) this.#open.delete(job);
  }

  drop(job: string): void {
    this.#open.delete(job);
  }

  #finishIfDone(job: string, now: number): void {
    const round = this.#open.get(job);
    if (round?.waiting?.size !== 0) return;
    this.#open.delete(job);
    this.#done(job, now - round.since);
  }
}

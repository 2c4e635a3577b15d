/** How many problems a message shows; the rest are counted. */
const shownProblems = 5;

/** Problems of one answer, group by group, bounded however many there are. */
export class ProblemList {
  /** The index of the group under way. */
  group = 0;
  #count = 0;
  readonly #shown: string[] = [];

  get empty(): boolean {
    return this.#count === 0;
  }

  /** Takes a problem of the group under way; undefined is none. */
  take(problem: string | undefined): void {
    if (problem === undefined) return;
    this.#count += 1;
    if (this.#shown.length < shownProblems) this.#shown.push(`group ${this.group}: ${problem}`);
  }

  toString(): string {
    const rest = this.#count - this.#shown.length;
    return `${this.#shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
  }
}

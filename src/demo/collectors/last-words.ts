/** Keeps the end of what a process says, for the message when it ends too early. */
export class LastWords {
  #text = '';

  hear(text: string): void {
    this.#text = (this.#text + text).slice(-4000);
  }

  /** Its last line that says anything. */
  line(): string | undefined {
    return this.#text
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '');
  }
}

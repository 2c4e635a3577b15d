const backslash = 92;
const spaces = /[ \t\n\r]*/y;
const scalar = /[^,\]}\s]*/y;

/**
 * Goes through a JSON text value by value, for texts that are too long to be parsed at once while others wait. What is
 * skipped is not looked at closely; what is parsed is. Throws a SyntaxError where the text is no JSON.
 */
export class JsonWalk {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** How many characters lie behind. */
  get at(): number {
    return this.#at;
  }

  /** Goes to the value that the object here has under `key`; false where it has none. */
  seek(key: string): boolean {
    this.#expect('{');
    if (this.#takes('}')) return false;
    do {
      const found = this.value() === key;
      this.#expect(':');
      if (found) return true;
      this.skip();
    } while (this.#takes(','));
    this.#expect('}');
    return false;
  }

  /** One step for each item of the list here, which must be taken with `value` or `skip`. */
  *items(): Generator<void> {
    this.#expect('[');
    if (this.#takes(']')) return;
    do yield;
    while (this.#takes(','));
    this.#expect(']');
  }

  /** The value here, parsed. */
  value(): unknown {
    this.#pass(spaces);
    const from = this.#at;
    this.skip();
    return JSON.parse(this.#text.slice(from, this.#at));
  }

  /** Goes past the value here. */
  skip(): void {
    this.#pass(spaces);
    const first = this.#text[this.#at];
    if (first === '"') this.#skipText();
    else if (first === '{' || first === '[') this.#skipNested();
    else this.#pass(scalar);
  }

  #skipNested(): void {
    let depth = 0;
    do {
      const character = this.#text[this.#at];
      if (character === undefined) throw this.#unexpected('the end of a value');
      if (character === '"') {
        this.#skipText();
        continue;
      }
      if (character === '{' || character === '[') depth += 1;
      else if (character === '}' || character === ']') depth -= 1;
      this.#at += 1;
    } while (depth > 0);
  }

  #skipText(): void {
    do {
      this.#at = this.#text.indexOf('"', this.#at + 1);
      if (this.#at < 0) {
        this.#at = this.#text.length;
        throw this.#unexpected('the end of a text');
      }
    } while (this.#isEscaped(this.#at));
    this.#at += 1;
  }

  #isEscaped(at: number): boolean {
    let before = at - 1;
    while (this.#text.charCodeAt(before) === backslash) before -= 1;
    return (at - before) % 2 === 0;
  }

  #takes(character: string): boolean {
    this.#pass(spaces);
    const takes = this.#text[this.#at] === character;
    if (takes) this.#at += 1;
    return takes;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#unexpected(character);
  }

  #pass(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    pattern.test(this.#text);
    this.#at = pattern.lastIndex;
  }

  #unexpected(expected: string): SyntaxError {
    const came = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end';
    return new SyntaxError(`expected ${expected} at character ${this.#at}, got ${came}`);
  }
}

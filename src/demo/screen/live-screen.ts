import type { Size } from './frame.ts';

/** What a screen needs of a terminal. */
export interface ScreenOutput {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** Draws rows on a terminal's other page, writing only those that changed; what was on the terminal comes back in the end. */
export class LiveScreen {
  readonly #output: ScreenOutput;
  #shown: readonly string[] = [];
  #size: Size | undefined;

  constructor(output: ScreenOutput) {
    this.#output = output;
  }

  /** The size now; 80 by 24 where the terminal does not tell. */
  size(): Size {
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
  }

  draw(rows: readonly string[]): void {
    const size = this.size();
    const fresh = this.#size?.columns !== size.columns || this.#size.rows !== size.rows;
    const begin = this.#size === undefined ? enter : '';
    const text = fresh ? `\x1b[2J${changedRows([], rows)}` : changedRows(this.#shown, rows);
    this.#shown = rows;
    this.#size = size;
    if (begin !== '' || text !== '') this.#output.write(begin + text);
  }

  /** Gives the terminal back as it was; nothing where nothing was drawn, or it was given back before. */
  end(): void {
    if (this.#size === undefined) return;
    this.#size = undefined;
    this.#shown = [];
    this.#output.write(leave);
  }
}

/** What to write for the rows that differ. */
export function changedRows(before: readonly string[], rows: readonly string[]): string {
  const length = Math.max(before.length, rows.length);
  return Array.from({ length }, (_, index) => index)
    .filter((index) => (before[index] ?? '') !== (rows[index] ?? ''))
    .map((index) => `\x1b[${index + 1};1H\x1b[2K${rows[index] ?? ''}`)
    .join('');
}

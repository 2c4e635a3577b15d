/** What a person tells the demo. */
export type DemoCommand =
  | { readonly type: 'toggle'; readonly collector: number }
  | { readonly type: 'wait' }
  | { readonly type: 'quit' };

/** A key as node:readline names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

/** A digit toggles a collector; q, Ctrl-C and Ctrl-D quit; undefined for the keys that mean nothing. */
export function commandFromKey({ name = '', ctrl = false }: Key): DemoCommand | undefined {
  if (ctrl) return name === 'c' || name === 'd' ? { type: 'quit' } : undefined;
  if (/^[1-9]$/.test(name)) return { type: 'toggle', collector: Number(name) };
  return name === 'q' ? { type: 'quit' } : undefined;
}

/** The command on one line of a pipe: a collector's number, `wait` until all is well again, or `q`; undefined for any other. */
export function commandFromLine(line: string): DemoCommand | undefined {
  const word = line.trim().toLowerCase();
  return word === 'wait' ? { type: 'wait' } : commandFromKey({ name: word });
}

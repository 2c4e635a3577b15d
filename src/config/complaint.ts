/** Keys and indexes from the top of the file down to a value. */
export type Path = readonly (string | number)[];

/** One thing wrong with a value of the file: where in the tree it is, and what to say. */
export interface Complaint {
  readonly path: Path;
  /** Point at the key (unknown, misplaced, to be removed) or at the value (wrong). */
  readonly at: 'key' | 'value';
  readonly message: string;
  /** What else it was concluded from: a fault there makes this complaint void. */
  readonly basis?: readonly Path[];
}

/** Whether `path` is `start` or lies below it. */
export function isWithin(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, index) => part === path[index]);
}

/** Whether one of the two lies within the other. */
export function pathsMeet(left: Path, right: Path): boolean {
  return isWithin(left, right) || isWithin(right, left);
}

/** How messages name a value: its last key, with the index of a list's item, as in `nodes[2]`. */
export function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `${nameOf(path.slice(0, -1)).slice(0, -1)}[${last}]\`` : `\`${last}\``;
}

/** The level of a path in the schema: jobs and items without their names, as in `shard_service.<job>.nodes[]`. */
export function levelOf(path: Path): string {
  return path.reduce<string>((level, part, index) => {
    if (typeof part === 'number') return `${level}[]`;
    const name = index === 1 && path[0] === 'shard_service' ? '<job>' : part;
    return joinLevel(level, name);
  }, '');
}

/** The level below `level` under `key`. */
export function joinLevel(level: string, key: string): string {
  return level === '' ? key : `${level}.${key}`;
}

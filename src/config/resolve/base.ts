import { homedir } from 'node:os';
import { resolve } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** What relative paths and `~/` start from. */
export interface Base {
  /** The folder of the configuration file. */
  readonly folder: string;
  readonly home: string;
}

/** The home folder by HOME, else by the system's user list (services often run without HOME). */
export function homeOf(env: Env): string {
  return env['HOME'] || homedir();
}

/** The absolute path that a path of the file means. */
export function resolvePath(text: string, { folder, home }: Base): string {
  return resolve(folder, text === '~' || text.startsWith('~/') ? `${home}${text.slice(1)}` : text);
}

import type { Clock } from '../../../runtime/clock.ts';
import { lockText } from './lock-value.ts';

/** What this process writes into the lock. */
export interface OwnText {
  now(): string;
  /** The lock is not in this process' hand: the next text has another `since`. */
  anew(): void;
  /** Later texts name this process. */
  name(process: string | undefined): void;
}

export interface OwnTextOptions {
  readonly identity: () => { readonly controller: string; readonly url?: string };
  readonly jobs: () => readonly string[];
  readonly clock: Clock;
}

export function createOwnText({ identity, jobs, clock }: OwnTextOptions): OwnText {
  let since: string | undefined;
  let process: string | undefined;
  return {
    now() {
      since ??= clock.wall(clock.now()).toISOString();
      return lockText({ ...identity(), jobs: jobs(), since, process });
    },
    anew() {
      since = undefined;
    },
    name(own) {
      process = own;
    },
  };
}

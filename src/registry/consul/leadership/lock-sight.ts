import type { Lock } from './lock-answers.ts';
import type { LockValue } from './lock-value.ts';

/** The lock as a session sees it. */
export type LockSight =
  | { readonly state: 'ours'; readonly text: string }
  | { readonly state: 'held'; readonly session: string; readonly value: LockValue | undefined }
  /** It is there and nobody holds it: who did let go, or Consul found that session dead. */
  | { readonly state: 'free' }
  /** There is no such key. */
  | { readonly state: 'absent' };

export function lockSight(lock: Lock | undefined, session: string): LockSight {
  if (lock === undefined) return { state: 'absent' };
  if (lock.session === undefined) return { state: 'free' };
  if (lock.session === session) return { state: 'ours', text: lock.text };
  return { state: 'held', session: lock.session, value: lock.value };
}

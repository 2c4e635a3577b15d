import type { ConsulAccess } from '../../../model/settings.ts';
import { connectConsul } from '../consul-connection.ts';
import { keyCalls } from './key-calls.ts';
import type { LockAnswer } from './lock-answers.ts';
import { sessionCalls } from './session-calls.ts';

/** The calls around one lock. Each ends within its time limit or when its signal aborts; what it rejects with is a ShardError. */
export interface LockClient {
  /** A new session's id. No health check can end it, only time without a renewal. */
  create(signal: AbortSignal): Promise<string>;
  /** False: Consul does not know this session any more. */
  renew(session: string, signal: AbortSignal): Promise<boolean>;
  destroy(session: string, signal: AbortSignal): Promise<void>;
  /** Whether a session, of whomever, was made for this lock. */
  isForLock(session: string, signal: AbortSignal): Promise<boolean>;
  /** The lock as a majority of the servers has it now. */
  read(signal: AbortSignal): Promise<LockAnswer>;
  /** A blocking query: answers at once for index 0, else after a change or `waitMs`. */
  watch(index: bigint, waitMs: number, signal: AbortSignal): Promise<LockAnswer>;
  /** False: somebody else holds it, or did until a moment ago. Also writes the text of a lock that is held already. */
  acquire(session: string, text: string, signal: AbortSignal): Promise<boolean>;
  /** Nothing happens where the session does not hold it. */
  release(session: string, text: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface LockTimes {
  /** Consul ends a session between one and two of these after its last renewal; it takes no less than 10 s. */
  readonly ttlMs: number;
  /** How long nobody gets the lock of a session that ended without releasing it. */
  readonly lockDelayMs: number;
  /** How long one call may take: a renewal is tried several times within the ttl. */
  readonly callLimitMs: number;
}

export async function openLock(access: ConsulAccess, key: string, times: LockTimes): Promise<LockClient> {
  const connection = await connectConsul(access);
  return {
    ...sessionCalls(connection, key, times),
    ...keyCalls(connection, key, times),
    close: connection.close,
  };
}

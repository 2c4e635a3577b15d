import type { CallOptions } from '../consul-call.ts';
import { blockingLimitMs, bodyOf, type ConsulConnection } from '../consul-connection.ts';
import { type CallPurpose, field } from '../consul-error.ts';
import { type LockAnswer, parseLockAnswer, parseVerdict } from './lock-answers.ts';
import type { LockClient, LockTimes } from './lock-client.ts';

type KeyCalls = Pick<LockClient, 'read' | 'watch' | 'acquire' | 'release'>;

/** The calls on the lock's key. */
export function keyCalls({ consul, dc, call }: ConsulConnection, key: string, times: LockTimes): KeyCalls {
  const limitMs = times.callLimitMs;
  async function lock(options: CallOptions, query: object): Promise<LockAnswer> {
    const answer: unknown = await consul.kv.get({ ...options, ...dc, ...query, key });
    const response = field(answer, '0');
    // The package gives no body for an empty answer either.
    const body = field(response, 'statusCode') === 404 ? undefined : (bodyOf(answer) ?? null);
    return parseLockAnswer(field(response, 'headers'), body);
  }
  return {
    read: (signal) => call(reads(key), signal, (options) => lock(options, { consistent: true }), limitMs),
    watch(index, waitMs, signal) {
      const query = { index: `${index}`, wait: `${waitMs}ms` };
      return call(reads(key), signal, (options) => lock(options, query), blockingLimitMs(waitMs));
    },
    acquire: (session, value, signal) =>
      call(
        writes('take', key),
        signal,
        async (options) =>
          parseVerdict(bodyOf(await consul.kv.set({ ...options, ...dc, key, value, acquire: session }))),
        limitMs,
      ),
    release: (session, value, signal) =>
      call(
        writes('release', key),
        signal,
        async (options) => {
          parseVerdict(bodyOf(await consul.kv.set({ ...options, ...dc, key, value, release: session })));
        },
        limitMs,
      ),
  };
}

function reads(key: string): CallPurpose {
  return { what: `read the lock ${key}`, rule: `key:read on "${key}"` };
}

function writes(verb: string, key: string): CallPurpose {
  return { what: `${verb} the lock ${key}`, rule: `key:write on "${key}"` };
}

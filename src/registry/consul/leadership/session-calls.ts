import type { CallOptions } from '../consul-call.ts';
import { bodyOf, type ConsulConnection } from '../consul-connection.ts';
import { type CallPurpose, field, wholeAnswer } from '../consul-error.ts';
import { parseFirstNode, parseSession } from './lock-answers.ts';
import type { LockClient, LockTimes } from './lock-client.ts';

type SessionCalls = Pick<LockClient, 'create' | 'renew' | 'destroy' | 'isForLock'>;

/** The calls on sessions, as part of a client for one lock. */
export function sessionCalls(connection: ConsulConnection, key: string, times: LockTimes): SessionCalls {
  const { consul, dc, call } = connection;
  const limitMs = times.callLimitMs;
  const name = `prome-shard ${key}`;
  return {
    create: (signal) =>
      call(forSession('make'), signal, (options) => created(connection, options, name, times), limitMs),
    renew: (id, signal) =>
      call(
        forSession('renew'),
        signal,
        (options) => renewed(consul.session.renew({ ...options, ...dc, id })),
        limitMs,
      ),
    destroy: (id, signal) =>
      call(
        forSession('end'),
        signal,
        async (options) => {
          await consul.session.destroy({ ...options, ...dc, id });
        },
        limitMs,
      ),
    isForLock: (id, signal) =>
      call(
        forSession('look at'),
        signal,
        async (options) =>
          field(bodyOf(await consul.session.get({ ...options, ...dc, id })), 'Name') === name,
        limitMs,
      ),
  };
}

async function created(
  connection: ConsulConnection,
  options: CallOptions,
  name: string,
  { ttlMs, lockDelayMs }: LockTimes,
): Promise<string> {
  const { consul, dc } = connection;
  const own = {
    name,
    ttl: `${ttlMs}ms`,
    lockdelay: `${lockDelayMs}ms`,
    behavior: 'release' as const,
    // None: the agent's own health comes and goes.
    checks: [] as string[],
  };
  const node = await agentsNode(connection, options);
  return parseSession(bodyOf(await consul.session.create({ ...options, ...dc, ...node, ...own })));
}

/** Consul looks for the agent's own node in the datacenter that is asked, where another one has it not. */
async function agentsNode(
  { consul, dc }: ConsulConnection,
  options: CallOptions,
): Promise<{ readonly node?: string }> {
  if (dc.dc === undefined) return {};
  return {
    node: parseFirstNode(bodyOf(await consul.catalog.node.list({ ...options, ...dc, near: '_agent' }))),
  };
}

async function renewed(renewal: Promise<unknown>): Promise<boolean> {
  try {
    await renewal;
    return true;
  } catch (error) {
    const { status, text = '' } = wholeAnswer(error) ?? {};
    // Whoever else answers 404, as a proxy on the way, knows nothing of sessions.
    if (status === 404 && /session id/i.test(text)) return false;
    throw error;
  }
}

function forSession(verb: string): CallPurpose {
  return { what: `${verb} a session`, rule: 'session:write on the node of the agent' };
}

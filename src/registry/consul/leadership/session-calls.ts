import type { CallOptions } from '../consul-call.ts';
import { bodyOf, type ConsulConnection } from '../consul-connection.ts';
import { type CallPurpose, wholeAnswer } from '../consul-error.ts';
import { parseFirstNode, parseSession } from './lock-answers.ts';
import type { LockClient, LockTimes } from './lock-client.ts';

type SessionCalls = Pick<LockClient, 'create' | 'renew' | 'destroy'>;

/** The calls on sessions, as part of a client for one lock. */
export function sessionCalls(
  { consul, dc, call }: ConsulConnection,
  key: string,
  times: LockTimes,
): SessionCalls {
  const limitMs = times.callLimitMs;
  async function node(options: CallOptions): Promise<{ readonly node?: string }> {
    // Consul looks for the agent's own node in the datacenter that is asked, where another one has it not.
    if (dc.dc === undefined) return {};
    return {
      node: parseFirstNode(bodyOf(await consul.catalog.node.list({ ...options, ...dc, near: '_agent' }))),
    };
  }
  return {
    create: (signal) =>
      call(
        forSession('make'),
        signal,
        async (options) => {
          const own = {
            name: `prome-shard ${key}`,
            ttl: `${times.ttlMs}ms`,
            lockdelay: `${times.lockDelayMs}ms`,
            behavior: 'release' as const,
            // None: the agent's own health comes and goes.
            checks: [] as string[],
          };
          const made = await consul.session.create({ ...options, ...dc, ...(await node(options)), ...own });
          return parseSession(bodyOf(made));
        },
        limitMs,
      ),
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

import { createHash } from 'node:crypto';
import type { ConsulAccess } from '../../model/settings.ts';
import {
  type ConsulCheck,
  type ConsulService,
  parseChecks,
  parseServiceAnswer,
  parseServices,
  type ServiceAnswer,
} from './consul-answers.ts';
import type { CallOptions } from './consul-call.ts';
import { blockingLimitMs, bodyOf, connectConsul } from './consul-connection.ts';
import type { CallPurpose } from './consul-error.ts';
import { readToken } from './consul-files.ts';
import { type Registration, registrationBody } from './registration.ts';

/** The calls that this program makes, over one connection. Each ends within its time limit or when its signal aborts; what it rejects with is a ShardError. */
export interface ConsulClient {
  /** A blocking query: answers at once for index 0, else after a change or `waitMs`. */
  service(name: string, index: bigint, waitMs: number, signal: AbortSignal): Promise<ServiceAnswer>;
  /** Tells one token from another; '' for none. */
  tokenMark(): Promise<string>;
  agentServices(signal: AbortSignal): Promise<ReadonlyMap<string, ConsulService>>;
  agentChecks(signal: AbortSignal): Promise<readonly ConsulCheck[]>;
  register(registration: Registration, group: string, signal: AbortSignal): Promise<void>;
  deregister(id: string, job: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Reads the TLS files now and the token at each call, so that both may rotate. Connects with the first call. */
export async function openConsul(access: ConsulAccess): Promise<ConsulClient> {
  const { consul, dc, call, close } = await connectConsul(access);
  return {
    service(service, index, waitMs, signal) {
      const query = { ...dc, service, index: `${index}`, wait: `${waitMs}ms` };
      const run = async (options: CallOptions) => {
        const [response, body] = await consul.health.service({ ...options, ...query });
        return parseServiceAnswer(response.headers, body);
      };
      return call(readsService(service), signal, run, blockingLimitMs(waitMs));
    },
    tokenMark: async () => markOf(await readToken(access)),
    agentServices: (signal) =>
      call(readsAgent, signal, async (options) =>
        parseServices(bodyOf(await consul.agent.services(options))),
      ),
    agentChecks: (signal) =>
      call(readsAgent, signal, async (options) => parseChecks(bodyOf(await consul.agent.checks(options)))),
    register: (one, group, signal) =>
      call(writes('register', one.job), signal, async (options) => {
        const query = { ...options, ...registrationBody(one, group) };
        await consul.agent.service.register(query);
      }),
    deregister: (id, job, signal) =>
      call(writes('deregister', job), signal, async (options) => {
        const query: CallOptions & { id: string } = { ...options, id };
        await consul.agent.service.deregister(query);
      }),
    close,
  };
}

const readsAgent: CallPurpose = {
  what: "list the agent's services and checks",
  rule: 'service:read and node:read',
};

function readsService(name: string): CallPurpose {
  return { what: `watch the service ${name}`, rule: `service:read on "${name}" and node:read` };
}

function writes(verb: string, job: string): CallPurpose {
  return { what: `${verb} an instance of ${job}`, rule: `service:write on "${job}"` };
}

function markOf(token: string | undefined): string {
  return token === undefined ? '' : createHash('sha256').update(token).digest('hex');
}

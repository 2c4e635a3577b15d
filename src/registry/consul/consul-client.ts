import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import Consul from 'consul';
import type { ConsulAccess } from '../../model/settings.ts';
import {
  type ConsulCheck,
  type ConsulService,
  parseChecks,
  parseServiceAnswer,
  parseServices,
  type ServiceAnswer,
} from './consul-answers.ts';
import { type CallOptions, consulCall } from './consul-call.ts';
import type { CallPurpose } from './consul-error.ts';
import { readTlsFiles, readToken } from './consul-files.ts';
import { noticeCuts } from './notice-cuts.ts';
import { type Registration, registrationBody } from './registration.ts';

/** How long a call that does not block may take. */
const callLimitMs = 10_000;

/** The calls that this program makes, over one connection. Each ends within its time limit or when its signal aborts; what it rejects with is a ShardError. */
export interface ConsulClient {
  /** A blocking query: answers at once for index 0, else after a change or `waitMs`. */
  service(name: string, index: bigint, waitMs: number, signal: AbortSignal): Promise<ServiceAnswer>;
  /** Tells one token from another; '' for none. */
  tokenMark(): Promise<string>;
  agentServices(signal: AbortSignal): Promise<ReadonlyMap<string, ConsulService>>;
  agentChecks(signal: AbortSignal): Promise<readonly ConsulCheck[]>;
  register(registration: Registration, controller: string, signal: AbortSignal): Promise<void>;
  deregister(id: string, job: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Reads the TLS files now and the token at each call, so that both may rotate. Connects with the first call. */
export async function openConsul(access: ConsulAccess): Promise<ConsulClient> {
  const consul = await connection(access);
  const dc = access.datacenter === undefined ? {} : { dc: access.datacenter };
  function call<T>(
    purpose: CallPurpose,
    signal: AbortSignal,
    run: (options: CallOptions) => Promise<T>,
    limitMs = callLimitMs,
  ): Promise<T> {
    return consulCall(access, purpose, limitMs, signal, run);
  }
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
    register: (one, controller, signal) =>
      call(writes('register', one.job), signal, async (options) => {
        const query = { ...options, ...registrationBody(one, controller) };
        await consul.agent.service.register(query);
      }),
    deregister: (id, job, signal) =>
      call(writes('deregister', job), signal, async (options) => {
        const query: CallOptions & { id: string } = { ...options, id };
        await consul.agent.service.deregister(query);
      }),
    close: () => consul.destroy(),
  };
}

async function connection(access: ConsulAccess): Promise<Consul> {
  const { port } = access;
  const secure = access.scheme === 'https';
  const agent = secure
    ? new https.Agent({ keepAlive: true, ...(await readTlsFiles(access)) })
    : new http.Agent({ keepAlive: true });
  const host = access.host.includes(':') ? `[${access.host}]` : access.host;
  const consul = new Consul({ host, port, secure, agent });
  noticeCuts(consul);
  return consul;
}

/** Consul answers after the wait and up to a sixteenth more; some time after that it is given up. */
function blockingLimitMs(waitMs: number): number {
  return Math.ceil((waitMs * 17) / 16) + 3000;
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

function bodyOf(answer: unknown): unknown {
  return Array.isArray(answer) ? answer[1] : undefined;
}

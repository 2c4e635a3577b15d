import http from 'node:http';
import https from 'node:https';
import Consul from 'consul';
import type { ConsulAccess } from '../../model/settings.ts';
import { type CallOptions, consulCall } from './consul-call.ts';
import type { CallPurpose } from './consul-error.ts';
import { readTlsFiles } from './consul-files.ts';
import { noticeCuts } from './notice-cuts.ts';

/** One connection to Consul's agent, for calls of the package. */
export interface ConsulConnection {
  readonly consul: Consul;
  /** The query of a datacenter that is not the agent's own. */
  readonly dc: { readonly dc?: string };
  /** One call, ended by the time limit (default 10 s) or the signal; what it rejects with is a ShardError. */
  call<T>(
    purpose: CallPurpose,
    signal: AbortSignal,
    run: (options: CallOptions) => Promise<T>,
    limitMs?: number,
  ): Promise<T>;
  close(): void;
}

const callLimitMs = 10_000;

/** Reads the TLS files now and the token at each call, so that both may rotate. Connects with the first call. */
export async function connectConsul(access: ConsulAccess): Promise<ConsulConnection> {
  const consul = await connection(access);
  return {
    consul,
    dc: access.datacenter === undefined ? {} : { dc: access.datacenter },
    call: (purpose, signal, run, limitMs = callLimitMs) => consulCall(access, purpose, limitMs, signal, run),
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
export function blockingLimitMs(waitMs: number): number {
  return Math.ceil((waitMs * 17) / 16) + 3000;
}

/** The body of what the package returned. */
export function bodyOf(answer: unknown): unknown {
  return Array.isArray(answer) ? answer[1] : undefined;
}

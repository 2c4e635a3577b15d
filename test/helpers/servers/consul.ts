import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Child } from '../child.ts';
import { freePort, freePorts } from '../free-port.ts';
import { tempFolder } from '../temp-folder.ts';
import { until } from '../until.ts';
import { type Certificates, createCertificates } from './certificates.ts';
import { consulConfig } from './consul-config.ts';
import { managementToken } from './consul-token.ts';
import { httpJson, httpText } from './http.ts';
import { serverPaths } from './server-paths.ts';
import { startServer } from './start-server.ts';

export interface ConsulOptions {
  /** The HTTP port. */
  readonly port?: number;
  /** Keep the state on disk, so that it outlives a restart; default false: every start is a fresh `-dev` agent. */
  readonly persist?: boolean;
  /** ACLs on, default policy deny. */
  readonly acl?: boolean;
  /** An HTTPS port beside the HTTP one; `verify` asks clients for a certificate. */
  readonly tls?: 'server' | 'verify';
  /** Further agent configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface ApiCall {
  /** Default GET. */
  readonly method?: string;
  readonly json?: unknown;
}

/** One real Consul server on 127.0.0.1 with a leader. */
export interface Consul {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The bootstrap token, with ACLs on. */
  readonly token: string | undefined;
  readonly tls: (Certificates & { readonly port: number }) | undefined;
  /** Calls the HTTP API (`/v1/..`) with the bootstrap token; rejects for anything but 2xx. */
  api(path: string, call?: ApiCall): Promise<unknown>;
  log(): string;
  /** SIGSTOP: its ports take connections and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Ends it if it runs and starts it on the same ports; what it knew is there again only with `persist` and without `wiped`. */
  restart(options?: { readonly wiped?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

interface Agent {
  readonly folder: string;
  readonly dataDir: string;
  readonly url: string;
  readonly persist: boolean;
}

/** Starts a Consul server and waits until it has a leader and takes calls. */
export async function startConsul(options: ConsulOptions = {}): Promise<Consul> {
  const { acl = false, persist = false, config: further = {} } = options;
  const folder = await tempFolder('consul');
  const port = options.port ?? (await freePort());
  const agent = { folder, dataDir: join(folder, 'data'), url: `http://127.0.0.1:${port}`, persist };
  const tls = options.tls && { ...(await createCertificates()), port: await freePort() };
  const https = tls && { https: { ...tls, verifyClients: options.tls === 'verify' } };
  const config = consulConfig({ http: port, internal: await freePorts(3), acl, further, ...https });
  await writeFile(join(folder, 'agent.json'), JSON.stringify(config));

  let token: string | undefined;
  const api: Consul['api'] = async (path, call) => await callApi(agent.url, token, path, call);
  const start = async (): Promise<Child> => {
    const child = await startAgent(agent);
    if (acl) token = await managementToken(agent.url, token);
    await until(async () => nodes.parse(await api('/v1/catalog/nodes')), {
      what: 'consul knows its own node',
    });
    return child;
  };

  let child = await start();
  return {
    host: '127.0.0.1',
    port,
    url: agent.url,
    get token() {
      return token;
    },
    tls,
    api,
    log: () => child.output(),
    freeze: () => child.freeze(),
    thaw: () => child.thaw(),
    async kill() {
      await child.kill();
    },
    async restart({ wiped = false } = {}) {
      await child.stop();
      if (wiped) await rm(agent.dataDir, { recursive: true, force: true });
      child = await start();
    },
    async stop() {
      await child.stop();
    },
  };
}

const nodes = z.array(z.unknown()).min(1);

async function startAgent({ folder, dataDir, url, persist }: Agent): Promise<Child> {
  const mode = persist ? ['-server', '-bootstrap-expect', '1', '-data-dir', dataDir] : ['-dev'];
  return await startServer(
    {
      command: (await serverPaths()).consul,
      args: ['agent', ...mode, '-config-file', join(folder, 'agent.json')],
      cwd: folder,
    },
    { name: 'consul', ready: async () => /\d/.test(await httpText(`${url}/v1/status/leader`)) },
  );
}

async function callApi(
  url: string,
  token: string | undefined,
  path: string,
  { method = 'GET', json }: ApiCall = {},
): Promise<unknown> {
  return await httpJson(`${url}${path}`, {
    method,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    headers: token === undefined ? {} : { 'X-Consul-Token': token },
    timeoutMs: 10_000,
  });
}

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Child } from '../child.ts';
import { freePort, freePorts } from '../free-port.ts';
import { tempFolder } from '../temp-folder.ts';
import { until } from '../until.ts';
import { type Certificates, createCertificates } from './certificates.ts';
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
  api(path: string, options?: { readonly method?: string; readonly json?: unknown }): Promise<unknown>;
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

/** Starts a Consul agent (server) and waits for its leader. */
export async function startConsul(options: ConsulOptions = {}): Promise<Consul> {
  const folder = await tempFolder('consul');
  const dataDir = join(folder, 'data');
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const tls = options.tls && { ...(await createCertificates()), port: await freePort() };
  await writeFile(join(folder, 'agent.json'), JSON.stringify(await agentConfig(options, port, tls)));

  let token: string | undefined;
  const api: Consul['api'] = async (path, { method = 'GET', json } = {}) =>
    await httpJson(`${url}${path}`, {
      method,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      headers: token === undefined ? {} : { 'X-Consul-Token': token },
      timeoutMs: 10_000,
    });

  const start = async (): Promise<Child> => {
    const mode = options.persist ? ['-server', '-bootstrap-expect', '1', '-data-dir', dataDir] : ['-dev'];
    const child = await startServer(
      {
        command: (await serverPaths()).consul,
        args: ['agent', ...mode, '-config-file', join(folder, 'agent.json')],
        cwd: folder,
        env: { CONSUL_HTTP_TOKEN: undefined },
      },
      { name: 'consul', ready: async () => /\d/.test(await httpText(`${url}/v1/status/leader`)) },
    );
    if (options.acl) token = await readyToken(token);
    else
      await until(async () =>
        z
          .array(z.unknown())
          .min(1)
          .parse(await api('/v1/catalog/nodes')),
      );
    return child;
  };

  // A fresh server makes the token; one that kept its state knows it already.
  const readyToken = async (known: string | undefined): Promise<string> => {
    if (known !== undefined && (await knowsToken(known))) return known;
    return await until(async () => {
      const answer = await httpJson(`${url}/v1/acl/bootstrap`, { method: 'PUT' });
      return z.object({ SecretID: z.string() }).parse(answer).SecretID;
    });
  };

  const knowsToken = async (known: string): Promise<boolean> => {
    if (!options.persist) return false;
    const headers = { 'X-Consul-Token': known };
    return await until(async () => (await fetch(`${url}/v1/acl/token/self`, { headers })).status).then(
      (status) => status === 200,
    );
  };

  let child = await start();
  return {
    host: '127.0.0.1',
    port,
    url,
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
      if (wiped) await rm(dataDir, { recursive: true, force: true });
      child = await start();
    },
    async stop() {
      await child.stop();
    },
  };
}

async function agentConfig(
  { acl, tls: mode, config }: ConsulOptions,
  http: number,
  tls: (Certificates & { readonly port: number }) | undefined,
): Promise<object> {
  const [lan, wan, server] = await freePorts(3);
  return {
    bind_addr: '127.0.0.1',
    client_addr: '127.0.0.1',
    ports: { http, https: tls?.port ?? -1, dns: -1, grpc: -1, serf_lan: lan, serf_wan: wan, server },
    // The times of Consul's own `-dev`: a leader in a second instead of ten.
    performance: { raft_multiplier: 1 },
    ...(acl ? { acl: { enabled: true, default_policy: 'deny', enable_token_persistence: true } } : {}),
    ...(tls && {
      ca_file: tls.caFile,
      cert_file: tls.certFile,
      key_file: tls.keyFile,
      verify_incoming_https: mode === 'verify',
    }),
    ...config,
  };
}

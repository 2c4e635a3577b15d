import type { Certificates } from './certificates.ts';

export interface ConsulConfigOptions {
  readonly http: number;
  /** Three further ports: serf LAN, serf WAN, server RPC. */
  readonly internal: readonly number[];
  readonly acl: boolean;
  readonly https?: Certificates & { readonly port: number; readonly verifyClients: boolean };
  readonly further: Readonly<Record<string, unknown>>;
}

/** An agent's configuration for one server on 127.0.0.1, in the words that Consul 1.8 and its successors share. */
export function consulConfig({ http, internal, acl, https, further }: ConsulConfigOptions): object {
  const [lan, wan, server] = internal;
  return {
    bind_addr: '127.0.0.1',
    client_addr: '127.0.0.1',
    ports: { http, https: https?.port ?? -1, dns: -1, grpc: -1, serf_lan: lan, serf_wan: wan, server },
    // With the default of 5 a server on its own needs ten seconds to become leader.
    performance: { raft_multiplier: 1 },
    ...(acl ? { acl: { enabled: true, default_policy: 'deny' } } : {}),
    ...(https && {
      ca_file: https.caFile,
      cert_file: https.certFile,
      key_file: https.keyFile,
      verify_incoming_https: https.verifyClients,
    }),
    ...further,
  };
}

import { Resolver } from 'node:dns/promises';
import type { Getter, Labels } from 'prome-shard';

export interface DnsSrvOptions {
  /** `address` or `address:port` of the name servers; default: the system's. */
  readonly servers?: readonly string[];
  readonly labels?: Labels;
}

/** What the SRV records of a name point to, with Prometheus' own meta label `__meta_dns_name`. */
export function dnsSrv(name: string, { servers, labels = {} }: DnsSrvOptions = {}): Getter {
  return async ({ signal }) => {
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    signal.addEventListener('abort', () => resolver.cancel(), { once: true });
    const records = await resolver.resolveSrv(name);
    const targets = records.map((record) => `${record.name.replace(/\.$/, '')}:${record.port}`);
    return [{ targets, labels: { ...labels, __meta_dns_name: name } }];
  };
}

import { readFile } from 'node:fs/promises';
import type { Getter, TargetGroup } from 'prome-shard';

export interface ConsulCatalogOptions {
  /** Default `http://127.0.0.1:8500`. */
  readonly url?: string;
  readonly datacenter?: string;
  /** A file with a token that may read the service and its nodes; read at each run. */
  readonly tokenFile?: string;
  /** Only instances that pass their checks; default false, as Prometheus does it. */
  readonly passing?: boolean;
}

/** The instances of a service in Consul's catalog, with the meta labels that Prometheus' own discovery gives them. */
export function consulCatalog(service: string, options: ConsulCatalogOptions = {}): Getter {
  return async ({ http }) => {
    const headers = await tokenHeader(options.tokenFile);
    const instances = await http.json<Instance[]>(queryUrl(service, options), { headers });
    return instances.map(toGroup);
  };
}

function queryUrl(
  service: string,
  { url = 'http://127.0.0.1:8500', datacenter, passing }: ConsulCatalogOptions,
): URL {
  const query = new URL(`/v1/health/service/${encodeURIComponent(service)}`, url);
  if (datacenter !== undefined) query.searchParams.set('dc', datacenter);
  if (passing) query.searchParams.set('passing', '1');
  return query;
}

async function tokenHeader(file: string | undefined): Promise<Record<string, string>> {
  return file === undefined ? {} : { 'x-consul-token': (await readFile(file, 'utf8')).trim() };
}

function toGroup({ Node, Service }: Instance): TargetGroup {
  const address = Service.Address || Node.Address;
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    targets: [`${host}:${Service.Port}`],
    labels: {
      __meta_consul_address: Node.Address,
      __meta_consul_dc: Node.Datacenter,
      __meta_consul_node: Node.Node,
      __meta_consul_service: Service.Service,
      __meta_consul_service_address: Service.Address,
      __meta_consul_service_id: Service.ID,
      __meta_consul_service_port: String(Service.Port),
      __meta_consul_tags: `,${(Service.Tags ?? []).join(',')},`,
      ...metadata('__meta_consul_metadata_', Node.Meta),
      ...metadata('__meta_consul_service_metadata_', Service.Meta),
    },
  };
}

function metadata(prefix: string, meta: Record<string, string> | null): Record<string, string> {
  const pairs = Object.entries(meta ?? {});
  return Object.fromEntries(
    pairs.map(([key, value]) => [prefix + key.replaceAll(/[^a-zA-Z0-9_]/g, '_'), value]),
  );
}

interface Instance {
  Node: { Node: string; Address: string; Datacenter: string; Meta: Record<string, string> | null };
  Service: {
    ID: string;
    Service: string;
    Address: string;
    Port: number;
    Tags: string[] | null;
    Meta: Record<string, string> | null;
  };
}

import type { Getter, GetterHttpOptions, TargetGroup } from 'prome-shard';

/** The answer of a Prometheus HTTP service discovery, as it is. User and password may stand in the URL. */
export function httpSd(url: string, options: GetterHttpOptions = {}): Getter {
  return async ({ http }) => await http.json<TargetGroup[]>(url, options);
}

import { hostname } from 'node:os';
import { hostPort } from '../model/collector.ts';

/** Who a controller is, for people and for those that stand by. */
export interface Identity {
  readonly controller: string;
  /** Where its page and API are; absent where it serves none. */
  readonly url?: string;
}

/** By the host that it runs on and, where it listens, its port: several may run on one host. */
export function identityOf(listens?: { readonly host: string; readonly port: number }): Identity {
  const own = hostname();
  if (listens === undefined) return { controller: own };
  const { host, port } = listens;
  const everyAddress = ['', '0.0.0.0', '::'].includes(host);
  return { controller: hostPort(own, port), url: `http://${hostPort(everyAddress ? own : host, port)}` };
}

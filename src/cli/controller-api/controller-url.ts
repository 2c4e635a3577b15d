import { hostPort } from '../../model/collector.ts';
import type { HttpSettings } from '../../model/settings.ts';

/** Where a controller with these settings is reached from this machine; undefined when it listens on any free port. */
export function controllerUrl({ host, port }: HttpSettings): URL | undefined {
  if (port === 0) return undefined;
  return new URL(`http://${hostPort(reachable(host), port)}`);
}

/** Every address is reached at the loopback one. */
function reachable(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

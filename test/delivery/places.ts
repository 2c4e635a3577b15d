import type { Place } from '../../src/delivery/transport.ts';
import type { Reload, SshAccess } from '../../src/model/job.ts';

/** A place that differs from a plain local one by what is given. */
export interface PlaceOptions {
  readonly type: 'local' | 'ssh';
  readonly path: string;
  readonly ssh: SshAccess;
  readonly host?: string;
  /** Where the collector's Prometheus listens; default 9090. */
  readonly port?: number;
  readonly reload?: Reload;
}

export function samplePlace(options: PlaceOptions): Place {
  const { type, path, ssh, host = '127.0.0.1', port = 9090, reload = { type: 'none' } } = options;
  return {
    job: 'sample',
    collector: { name: host, host, port, zone: '', weight: 1 },
    ssh,
    spec: { type, dir: '/unused', fileName: 'unused', reload },
    path,
  };
}

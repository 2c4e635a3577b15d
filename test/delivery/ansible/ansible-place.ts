import { posix } from 'node:path';
import type { Place } from '../../../src/delivery/transport.ts';
import type { SshAccess } from '../../../src/model/job.ts';

export const sampleAccess: SshAccess = {
  user: 'root',
  port: 22,
  agent: false,
  knownHostsFile: '/etc/known_hosts',
  hostKey: 'strict',
  connectTimeoutMs: 10_000,
  concurrency: 32,
};

export interface AnsiblePlaceOptions {
  readonly job?: string;
  readonly host?: string;
  readonly port?: number;
  readonly ssh?: Partial<SshAccess>;
  readonly path?: string;
  readonly fileName?: string;
  readonly playbook?: string;
}

/** A place for the ansible transport; without `path`, only its playbook knows the folder. */
export function ansiblePlace(options: AnsiblePlaceOptions = {}): Place {
  const {
    job = 'sample',
    host = '10.0.0.1',
    port = 9090,
    ssh,
    path,
    playbook = '/books/copy.yaml',
  } = options;
  const { fileName = path === undefined ? 'sd.json' : posix.basename(path) } = options;
  const place = {
    job,
    collector: { name: host, host, port, zone: '', weight: 1 },
    ssh: { ...sampleAccess, ...ssh },
  };
  if (path === undefined) return { ...place, spec: { type: 'ansible', fileName, playbook } };
  return { ...place, path, spec: { type: 'ansible', dir: posix.dirname(path), fileName, playbook } };
}

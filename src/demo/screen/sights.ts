import type { DemoFolder } from '../files/folder.ts';
import { loopback } from '../scale.ts';

/** One thing to look at. */
export interface Sight {
  readonly name: string;
  readonly where: string;
}

export interface SightsOptions {
  readonly webPort: number;
  readonly collectorUrl: string;
  readonly target: string;
  readonly folder: Pick<DemoFolder, 'path'>;
}

/** What there is to look at in a browser, with curl, or in an editor. */
export function sightsOf({ webPort, collectorUrl, target, folder }: SightsOptions): readonly Sight[] {
  const api = `http://${loopback}:${webPort}`;
  return [
    { name: 'jobs', where: `${api}/api/v1/jobs` },
    { name: 'owner', where: `${api}/api/v1/targets?match=${target}` },
    { name: 'metrics', where: `${api}/metrics` },
    { name: 'collector', where: collectorUrl },
    { name: 'files', where: folder.path },
    { name: '', where: 'config.yaml, targets/demo.ts, collectors/, prome-shard.log' },
  ];
}

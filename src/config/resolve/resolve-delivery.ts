import type { DeliverySpec, Reload } from '../../model/job.ts';
import { packageFile } from '../package-info.ts';
import { deliveryType } from '../rules/delivery-rules.ts';
import type { JobInput } from '../schema/config-schema.ts';
import { type Base, resolvePath } from './base.ts';

/** Where files go when no folder is named; the bundled playbook has the same. */
export const defaultDir = '/opt/app/prometheus/sd';

/** The playbook that ships with this package. */
export const bundledPlaybook = packageFile('ansible/copy_file_and_reload_prome.yaml');

/** How a job is delivered, with its defaults. */
export function resolveDelivery(job: JobInput, base: Base): DeliverySpec {
  const { dir } = job.delivery;
  const fileName = job.dest_sd_file_name;
  const type = deliveryType(job);
  switch (type) {
    case 'ssh':
      return { type, dir: dir ?? defaultDir, fileName, reload: reloadOf(job) };
    case 'local':
      return { type, dir: resolvePath(dir ?? '.', base), fileName, reload: reloadOf(job) };
    case 'ansible':
      return { type, fileName, playbook: playbookOf(job, base), ...(dir === undefined ? {} : { dir }) };
  }
}

function playbookOf({ yaml_path: path }: JobInput, base: Base): string {
  return path === undefined ? bundledPlaybook : resolvePath(path, base);
}

function reloadOf({ delivery: { reload = 'tunnel', reload_command: command = '' } }: JobInput): Reload {
  return reload === 'command' ? { type: reload, command } : { type: reload };
}

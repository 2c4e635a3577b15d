import { isAbsolute } from 'node:path/posix';
import type { Complaint, Path } from '../complaint.ts';
import { placeholderFault, placeholderNames } from '../placeholders.ts';
import type { JobInput } from '../schema/config-schema.ts';
import { dependingOn, eachJob, keyComplaint, type Rule, type RuleInput, valueComplaint } from './rule.ts';

/** How a job's file is delivered: as written, else by ansible where a playbook is named, else over SSH. */
export function deliveryType({ delivery, yaml_path }: JobInput): 'ssh' | 'local' | 'ansible' {
  if (delivery.type === 'http_sd') return 'ssh';
  return delivery.type ?? (yaml_path === undefined ? 'ssh' : 'ansible');
}

/** A rule about each job that holds only where its delivery type is beyond doubt. */
function byType(judge: (job: JobInput, at: Path, input: RuleInput) => readonly Complaint[]): Rule {
  return eachJob((job, at, input) =>
    dependingOn(
      [
        [...at, 'delivery', 'type'],
        [...at, 'yaml_path'],
      ],
      judge(job, at, input),
    ),
  );
}

/** A playbook is run by ansible alone. */
export const playbooksNeedAnsible: Rule = byType((job, at) => {
  const type = deliveryType(job);
  if (job.yaml_path === undefined || type === 'ansible') return [];
  const message = `\`type: ${type}\` runs no playbook, but the job has \`yaml_path\`: remove one of the two, or use \`type: ansible\``;
  return [valueComplaint([...at, 'delivery', 'type'], message)];
});

/** A playbook reloads by itself. */
export const ansibleTakesNoReload: Rule = byType((job, at, { written }) => {
  if (deliveryType(job) !== 'ansible') return [];
  return ['reload', 'reload_command']
    .map((key) => [...at, 'delivery', key])
    .filter(written)
    .map((path) =>
      keyComplaint(path, `\`${path.at(-1)}\` means nothing with ansible: the playbook reloads; remove it`),
    );
});

/** `reload: command` and its command come together. */
export const commandsAreWhole: Rule = byType((job, at) => {
  const { reload, reload_command: command } = job.delivery;
  if (deliveryType(job) === 'ansible' || (reload === 'command') === (command !== undefined)) return [];
  if (command === undefined) {
    const message = '`reload: command` needs `reload_command` beside it, the command to run';
    return [valueComplaint([...at, 'delivery', 'reload'], message)];
  }
  const message = '`reload_command` is run only with `reload: command`: add that or remove the command';
  return [keyComplaint([...at, 'delivery', 'reload_command'], message)];
});

/** The folder on another host cannot be relative to this configuration. */
export const foldersAreWhole: Rule = byType((job, at) => {
  const type = deliveryType(job);
  const { dir } = job.delivery;
  const path = [...at, 'delivery', 'dir'];
  if (type === 'local') {
    return dir === undefined
      ? [keyComplaint(path, '`delivery.dir` is missing: `type: local` needs the folder to write to')]
      : [];
  }
  if (dir === undefined || isAbsolute(dir)) return [];
  const message = `\`dir\`: expected an absolute path on the collector such as /opt/app/prometheus/sd, got ${JSON.stringify(dir)}`;
  return [valueComplaint(path, message)];
});

/** Only known placeholders are replaced. */
export const placeholdersAreKnown: Rule = eachJob(({ delivery, dest_sd_file_name }, at) => {
  const known = placeholderNames.map((name) => `{${name}}`).join(', ');
  const templates = [
    { path: [...at, 'delivery', 'dir'], text: delivery.dir ?? '' },
    { path: [...at, 'dest_sd_file_name'], text: dest_sd_file_name },
  ];
  return templates.flatMap(({ path, text }) => {
    const fault = placeholderFault(text);
    return fault === undefined
      ? []
      : [valueComplaint(path, `\`${path.at(-1)}\`: ${fault}; known are ${known}`)];
  });
});

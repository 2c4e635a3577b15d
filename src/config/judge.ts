import type { Settings } from '../model/settings.ts';
import { checkSchema, type SchemaAnswer } from './check-schema.ts';
import { type Complaint, isWithin, type Path } from './complaint.ts';
import { findNotYet } from './find-not-yet.ts';
import { packageVersion } from './package-info.ts';
import { withPlaybookFolders } from './playbook-folder.ts';
import type { Base, Env } from './resolve/base.ts';
import { resolveSettings } from './resolve/resolve-settings.ts';
import { defaultKeyFile } from './resolve/resolve-ssh.ts';
import { agentComplaints, namedFileComplaints, readFault } from './rules/named-files.ts';
import type { RuleInput } from './rules/rule.ts';
import { rules } from './rules/rules.ts';
import { sharedFileComplaints } from './rules/shared-files.ts';
import type { ConfigInput } from './schema/config-schema.ts';
import { findNode } from './yaml/find-node.ts';
import { pathInFile } from './yaml/plain-value.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

export interface Judgement {
  readonly complaints: readonly Complaint[];
  /** Of use only when there is no complaint. */
  readonly settings?: Settings;
}

/** Everything wrong with a configuration at once, and what it means. */
export async function judge(root: YamlNode, file: string, base: Base, env: Env): Promise<Judgement> {
  const refused = findNotYet(root, packageVersion());
  const schema = checkSchema(
    root,
    refused.map(({ path }) => path),
  );
  const early = [...refused, ...schema.complaints];
  if (schema.config === undefined) return { complaints: early };
  const { config } = schema;
  const input = ruleInput(config, root);
  const found = [
    ...rules.flatMap((rule) => rule(input)),
    ...(await namedFileComplaints(config, base)),
    ...agentComplaints(config, env),
  ];
  const complaints = [...early, ...inFile(found, schema)];
  const key = defaultKeyFile(base);
  const ownKey = (await readFault(key)) === undefined ? key : undefined;
  const resolved = resolveSettings(config, file, base, env, ownKey);
  const settings = { ...resolved, jobs: await withPlaybookFolders(resolved.jobs) };
  const sound = settings.jobs.filter(
    ({ name }) => !complaints.some(({ path }) => isWithin(path, ['shard_service', name])),
  );
  return { complaints: [...complaints, ...sharedFileComplaints(sound)], settings };
}

function ruleInput(config: ConfigInput, root: YamlNode): RuleInput {
  return {
    config,
    written: (path) => findNode(root, path) !== undefined,
    countInFile: (path) => {
      const node = findNode(root, path);
      if (node === undefined || node.kind === 'scalar') return 0;
      return node.kind === 'list' ? node.items.length : node.entries.length;
    },
  };
}

/** Complaints of rules by the file's own paths, without those about what the schema complained of already. */
function inFile(found: readonly Complaint[], { omitted, settled }: SchemaAnswer): readonly Complaint[] {
  const doubtful = (path: Path) => settled.some((known) => isWithin(path, known));
  return found
    .map((complaint) => ({ ...complaint, path: pathInFile(complaint.path, omitted) }))
    .filter(({ path, basis = [] }) => ![path, ...basis].some(doubtful));
}

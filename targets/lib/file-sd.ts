import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import type { Getter, TargetGroup } from 'prome-shard';

/** A file_sd file, JSON or YAML. A relative path counts from the targets folder. */
export function fileSd(path: string): Getter {
  return async ({ signal }) => parse(path, await readFile(path, { encoding: 'utf8', signal }));
}

function parse(path: string, text: string): TargetGroup[] {
  const groups: TargetGroup[] = path.endsWith('.json') ? JSON.parse(text) : load(text, { filename: path });
  return groups;
}

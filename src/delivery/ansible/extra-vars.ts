import { posix } from 'node:path';
import type { Place } from '../transport.ts';
import { unsafeText } from './yaml-text.ts';

export interface SourceFile {
  /** As the playbook names it. */
  readonly name: string;
  /** In hex; the checksum that Ansible's stat gives. */
  readonly sha1: string;
}

/** prome_shard's three variables, the checksum of the file, and `target_path` where the job names a folder. */
export function deliveryVars(place: Place, source: SourceFile, reloadOwed: boolean): string {
  const { path, spec, collector } = place;
  const lines = [
    `src_sd_file_name: ${unsafeText(source.name)}`,
    `dest_sd_file_name: ${unsafeText(path === undefined ? spec.fileName : posix.basename(path))}`,
    `service_port: ${collector.port}`,
    `src_sd_file_sha1: "${source.sha1}"`,
  ];
  if (path !== undefined) lines.push(`target_path: ${unsafeText(posix.dirname(path))}`);
  if (reloadOwed) lines.push('prome_shard_reload_owed: true');
  return `${lines.join('\n')}\n`;
}

/** What read_file.yaml is given. */
export function readVars(path: string): string {
  return `held_file: ${unsafeText(path)}\n`;
}

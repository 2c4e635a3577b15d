import { posix } from 'node:path';
import type { Place } from '../transport.ts';
import { unsafeText } from './yaml-text.ts';

/** prome_shard's three variables, and `target_path` where the job names a folder. */
export function deliveryVars(place: Place, sourceName: string, reloadOwed: boolean): string {
  const { path, spec, collector } = place;
  const lines = [
    `src_sd_file_name: ${unsafeText(sourceName)}`,
    `dest_sd_file_name: ${unsafeText(path === undefined ? spec.fileName : posix.basename(path))}`,
    `service_port: ${collector.port}`,
  ];
  if (path !== undefined) lines.push(`target_path: ${unsafeText(posix.dirname(path))}`);
  if (reloadOwed) lines.push('prome_shard_reload_owed: true');
  return `${lines.join('\n')}\n`;
}

/** What read_file.yaml is given. */
export function readVars(path: string): string {
  return `held_file: ${unsafeText(path)}\n`;
}

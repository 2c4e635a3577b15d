import { decodeFile } from '../../../src/delivery/decode-file.ts';

/** What a file lists: the labels (as JSON) of each `job address`. */
export type FileKeys = ReadonlyMap<string, string>;

const known = new WeakMap<Buffer, FileKeys>();
const nothing: FileKeys = new Map();

/** The targets in a file's bytes; made at the first question, remembered with the bytes. */
export function keysOf(bytes: Buffer | undefined): FileKeys {
  if (bytes === undefined) return nothing;
  const before = known.get(bytes);
  if (before !== undefined) return before;
  const keys = readKeys(bytes);
  known.set(bytes, keys);
  return keys;
}

/** One target of one job. */
export function keyOf(job: string, address: string): string {
  return `${job} ${address}`;
}

export function jobOfKey(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

function readKeys(bytes: Buffer): FileKeys {
  const decoded = decodeFile(bytes);
  if (!decoded.ok) throw new Error(`expected a file that Prometheus would take, got: ${decoded.message}`);
  const keys = new Map<string, string>();
  for (const [job, groups] of decoded.groupsByJob) {
    for (const { targets, labels } of groups) {
      for (const address of targets) keys.set(keyOf(job, address), JSON.stringify(labels));
    }
  }
  return keys;
}

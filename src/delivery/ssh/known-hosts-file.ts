import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ShardError } from '../../model/errors.ts';
import { type HostKey, hashedName, type KnownHost, knownHostLine, parseKnownHosts } from './known-hosts.ts';

/**
 * A known_hosts file, read again whenever it changed. Everything here is synchronous: a host key must be judged
 * before the handshake goes on, and the file is small.
 */
export interface KnownHostsFile {
  readonly path: string;
  /** Its lines; none where the file does not exist. */
  lines(): readonly KnownHost[];
  /** Adds a host, hashed where the last line is; creates the file and its folder where they do not exist. */
  add(name: string, key: HostKey): void;
}

/** Opens nothing yet; `lines` and `add` throw a ShardError where the file cannot be used. */
export function createKnownHostsFile(path: string): KnownHostsFile {
  let seen = '';
  let text = '';
  let lines: readonly KnownHost[] = [];

  function refresh(): void {
    const now = versionOf(path);
    if (now === seen) return;
    text = now === 'absent' ? '' : readFileSync(path, 'utf8');
    lines = parseKnownHosts(text);
    seen = now;
  }

  return {
    path,
    lines: () => {
      guarded(path, 'read', refresh);
      return lines;
    },
    add: (name, key) => {
      guarded(path, 'written', () => {
        refresh();
        const shownName = lines.at(-1)?.hashed === true ? hashedName(name, randomBytes(20)) : name;
        append(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${knownHostLine(shownName, key)}\n`);
        refresh();
      });
    },
  };
}

/** One write with O_APPEND: other processes may add lines at the same time. */
function append(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const isNew = versionOf(path) === 'absent';
  appendFileSync(path, line, { mode: 0o600 });
  if (isNew) chmodSync(path, 0o600);
}

function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'absent' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}

function guarded(path: string, doing: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new ShardError(
      'ssh_known_hosts_unusable',
      `known_hosts_file ${path} could not be ${doing}: expected a text file that this user may use`,
      { cause },
    );
  }
}

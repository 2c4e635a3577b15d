import { posix } from 'node:path';
import type { ErrorCode } from '../../model/error-codes.ts';
import { ShardError } from '../../model/errors.ts';
import { type FileFault, fileError } from '../file-error.ts';
import type { Place } from '../transport.ts';
import type { ChildEnd } from './run-child.ts';
import type { RunEvent } from './run-events.ts';

/** What one run of a playbook came to, with the names that its message needs. */
export interface RunOutcome {
  readonly binary: string;
  readonly playbook: string;
  readonly place: Place;
  readonly doing: 'read' | 'write';
  readonly end: ChildEnd;
  readonly events: readonly RunEvent[];
}

/** The error of a run, or undefined where it did what it should. */
export function runError(outcome: RunOutcome): ShardError | undefined {
  const { binary, playbook, place, end, events } = outcome;
  if (end.state === 'not_started') return notStarted(binary, end.error);
  const host = hostOf(place);
  if (end.code !== 0) {
    const bad = events.findLast((event) => event.event === 'unreachable' || event.event === 'failed');
    if (bad?.event === 'unreachable') return unreachable(host, bad.msg);
    if (bad?.event === 'failed') return taskFailed(outcome, bad.task, bad.msg);
    return failed(`${playbook} for ${host}: ${wordsOf(end)}`);
  }
  const last = events.findLast((event) => event.event === 'end');
  if (last === undefined) return failed(`${playbook} for ${host}: the run left no result: ${wordsOf(end)}`);
  if (last.hosts > 0) return undefined;
  return failed(`${playbook} has no play for ${host}: its plays must say "hosts: all"`, false);
}

function notStarted(binary: string, error: NodeJS.ErrnoException): ShardError {
  return new ShardError(
    'ansible_missing',
    `could not run ${binary}: install ansible-core on this machine, or deliver with type ssh, which needs nothing`,
    { cause: error },
  );
}

function failed(message: string, retryable = true): ShardError {
  return new ShardError('ansible_failed', message, { retryable });
}

function wordsOf(end: Extract<ChildEnd, { state: 'ended' }>): string {
  const said = end.stderrHead.trim() || end.stdoutTail.trim() || 'it said nothing';
  return `ansible-playbook ended with ${end.code ?? 'a signal'}: ${oneLine(said)}`;
}

interface Verdict {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly advice: string;
}

interface Rule extends Verdict {
  readonly says: RegExp;
}

/** By the words of OpenSSH, the first that fits. */
const unreachableRules: readonly Rule[] = [
  {
    says: /REVOKED HOST KEY|marked as revoked/,
    code: 'ssh_host_key_revoked',
    retryable: false,
    advice: 'its key is marked @revoked in known_hosts: nothing is sent to it',
  },
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: 'ssh_host_key_changed',
    retryable: false,
    advice:
      'known_hosts has another key for it: if the host was set up anew, replace the line with its new key',
  },
  {
    says: /Host key verification failed|No .* host key is known/,
    code: 'ssh_host_key_unknown',
    retryable: false,
    advice:
      'known_hosts has no key for it: add it with ssh-keyscan and compare it, or set host_key: accept-new',
  },
  {
    says: /Permission denied|Too many authentication failures/,
    code: 'ssh_auth_failed',
    retryable: false,
    advice: 'none of the keys was accepted: look at ssh.user, private_key_file and agent',
  },
];

const noConnection: Verdict = { code: 'ssh_connect_failed', retryable: true, advice: 'no SSH connection' };

function unreachable(host: string, message: string): ShardError {
  const { code, retryable, advice } = unreachableRules.find(({ says }) => says.test(message)) ?? noConnection;
  return new ShardError(code, `${host} is unreachable for ansible, ${advice}: ${oneLine(message)}`, {
    retryable,
  });
}

/** By the words of the copy module and of the system. */
const faults: readonly { readonly says: RegExp; readonly fault: FileFault }[] = [
  { says: /Destination directory .* does not exist/s, fault: 'no_folder' },
  { says: /No space left on device/, fault: 'disk_full' },
  { says: /Read-only file system/, fault: 'read_only' },
  { says: /Permission denied|not writable|file is not readable/, fault: 'denied' },
];

function taskFailed({ place, playbook, doing }: RunOutcome, task: string, message: string): ShardError {
  const said = `task "${task}" of ${playbook} failed on ${hostOf(place)}: ${oneLine(message) || 'no message'}`;
  if (message.includes('--web.enable-lifecycle')) return new ShardError('reload_disabled', said);
  const fault = faults.find(({ says }) => says.test(message))?.fault;
  if (fault === undefined) return new ShardError('delivery_failed', said, { retryable: true });
  const { collector, ssh, path = place.spec.fileName } = place;
  const folder = posix.dirname(path);
  const cause = new Error(said);
  return fileError({ fault, doing, path, folder, onHost: ` on ${collector.host}`, user: ssh.user, cause });
}

function hostOf({ collector, ssh }: Place): string {
  return ssh.port === 22 ? collector.host : `${collector.host} (SSH port ${ssh.port})`;
}

/** The first 600 characters, in one line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 600);
}

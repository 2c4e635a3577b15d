import type { ErrorCode } from '../../model/error-codes.ts';
import { ShardError } from '../../model/errors.ts';
import type { ChildEnd } from './run-child.ts';
import type { RunEvent } from './run-events.ts';

/** What one run of a playbook came to, with the names that its message needs. */
export interface RunOutcome {
  readonly binary: string;
  readonly playbook: string;
  /** The collector as people know it. */
  readonly host: string;
  readonly end: ChildEnd;
  readonly events: readonly RunEvent[];
}

/** The error of a run, or undefined where it did what it should. */
export function runError({ binary, playbook, host, end, events }: RunOutcome): ShardError | undefined {
  if (end.state === 'not_started') return notStarted(binary, end.error);
  if (end.code !== 0) {
    const bad = events.findLast((event) => event.event === 'unreachable' || event.event === 'failed');
    if (bad?.event === 'unreachable') return unreachable(host, bad.msg);
    if (bad?.event === 'failed') return taskFailed(playbook, host, bad.task, bad.msg);
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

/** By the words of the copy module, of the system, and of our own playbook. */
const taskRules: readonly Rule[] = [
  {
    says: /--web\.enable-lifecycle/,
    code: 'reload_disabled',
    retryable: false,
    advice: '',
  },
  {
    says: /Destination directory .* does not exist/,
    code: 'delivery_no_folder',
    retryable: false,
    advice: '; create the folder, or run ansible/collector.yml',
  },
  {
    says: /No space left on device/,
    code: 'delivery_disk_full',
    retryable: true,
    advice: '; make room, the old file is still whole',
  },
  { says: /Read-only file system/, code: 'delivery_read_only', retryable: true, advice: '' },
  {
    says: /Permission denied|not writable|file is not readable/,
    code: 'delivery_denied',
    retryable: false,
    advice: '; the user that ansible logs in as needs access to the folder',
  },
];

const anyTask: Verdict = { code: 'ansible_task_failed', retryable: true, advice: '' };

function taskFailed(playbook: string, host: string, task: string, message: string): ShardError {
  const { code, retryable, advice } = taskRules.find(({ says }) => says.test(message)) ?? anyTask;
  const said = oneLine(message) || 'no message';
  return new ShardError(code, `task "${task}" of ${playbook} failed on ${host}: ${said}${advice}`, {
    retryable,
  });
}

/** The first 600 characters, in one line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 600);
}

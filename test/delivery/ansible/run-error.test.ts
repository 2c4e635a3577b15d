import { expect, test } from 'vitest';
import { runError } from '../../../src/delivery/ansible/run-error.ts';
import type { RunEvent } from '../../../src/delivery/ansible/run-events.ts';
import { messageOf } from '../../../src/model/errors.ts';
import { ansiblePlace } from './ansible-place.ts';

function errorOf(
  code: number | null,
  events: readonly RunEvent[],
  words: { stdoutTail?: string; stderrHead?: string } = {},
) {
  return runError({
    binary: 'ansible-playbook',
    playbook: '/books/copy.yaml',
    place: ansiblePlace({ path: '/sd/a.json', ssh: { port: 2222 } }),
    doing: 'write',
    end: { state: 'ended', code, stdoutTail: '', stderrHead: '', ...words },
    events,
  });
}

const end: RunEvent = { event: 'end', hosts: 1 };

test('a run that ended well and had the host is no error', () => {
  expect(errorOf(0, [end])).toBeUndefined();
});

test('a failed task that the playbook itself rescued is no error', () => {
  expect(errorOf(0, [{ event: 'failed', task: 'try', msg: 'no' }, end])).toBeUndefined();
});

test('plays for other hosts are an error, for nothing was done', () => {
  const error = errorOf(0, [{ event: 'end', hosts: 0 }]);
  expect(error?.code).toBe('ansible_failed');
  expect(error?.message).toContain('"hosts: all"');
  expect(error?.retryable).toBe(false);
});

test('an end without a result is an error', () => {
  expect(errorOf(0, [])?.message).toContain('left no result');
});

test.each([
  [
    'Failed to connect to the host via ssh: ssh: connect to host 10.0.0.1 port 22: Connection refused',
    'ssh_connect_failed',
    true,
  ],
  ['ssh: connect to host 10.0.0.1 port 22: Connection timed out', 'ssh_connect_failed', true],
  [
    'No ED25519 host key is known for 10.0.0.1.\nHost key verification failed.',
    'ssh_host_key_unknown',
    false,
  ],
  [
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
    'ssh_host_key_changed',
    false,
  ],
  ['@ WARNING: REVOKED HOST KEY DETECTED! @\nHost key verification failed.', 'ssh_host_key_revoked', false],
  ['root@10.0.0.1: Permission denied (publickey).', 'ssh_auth_failed', false],
])('the unreachable host that said %j is %s', (msg, code, retryable) => {
  const error = errorOf(4, [{ event: 'unreachable', task: 'copy', msg }]);
  expect(error).toMatchObject({ code, retryable });
  expect(error?.message).toContain('10.0.0.1 (SSH port 2222)');
  expect(error?.message).toContain(msg.slice(-20));
});

test.each([
  [
    'Destination directory /sd does not exist',
    'delivery_no_folder',
    'the folder /sd does not exist on 10.0.0.1',
  ],
  ['Destination /sd not writable', 'delivery_denied', 'user root may not write /sd/a.json on 10.0.0.1'],
  ['[Errno 28] No space left on device', 'delivery_disk_full', 'is full'],
  ['[Errno 30] Read-only file system', 'delivery_read_only', 'read-only'],
  ['answered 403: start Prometheus with --web.enable-lifecycle', 'reload_disabled', 'answered 403'],
  ['non-zero return code', 'delivery_failed', 'non-zero return code'],
])('the task that failed with %j is %s', (msg, code, words) => {
  const error = errorOf(2, [{ event: 'failed', task: 'copy it', msg }, end]);
  expect(error?.code).toBe(code);
  expect(error?.message).toContain(words);
  expect(messageOf(error)).toContain(`task "copy it" of /books/copy.yaml failed on`);
});

test('of several failures the last counts', () => {
  const error = errorOf(2, [
    { event: 'failed', task: 'rescued', msg: 'a' },
    { event: 'failed', task: 'final', msg: 'b' },
    end,
  ]);
  expect(error?.message).toContain('"final"');
});

test('an end without a task tells the code and what it said first', () => {
  const error = errorOf(1, [], { stderrHead: 'ERROR! Syntax\n  Error while loading YAML', stdoutTail: 'x' });
  expect(error?.code).toBe('ansible_failed');
  expect(error?.message).toContain('ended with 1: ERROR! Syntax Error while loading YAML');
});

test('what it said on standard output stands in where standard error is empty', () => {
  expect(errorOf(null, [], { stdoutTail: 'last words' })?.message).toContain('with a signal: last words');
});

test('a missing program is said with the way out', () => {
  const error = runError({
    binary: 'ansible-playbook',
    playbook: '/p',
    place: ansiblePlace(),
    doing: 'write',
    end: { state: 'not_started', error: new Error('spawn ENOENT') },
    events: [],
  });
  expect(error?.code).toBe('ansible_missing');
  expect(error?.message).toMatch(/install ansible-core .* type ssh/);
});

import { expect, test } from 'vitest';
import { ansibleDir, ansibleEnvironment } from '../../../src/delivery/ansible/ansible-environment.ts';

const plain = { agent: false, content: false };

test.each([
  [{}, 'C.UTF-8'],
  [{ LANG: 'C' }, 'C.UTF-8'],
  [{ LANG: 'en_GB.UTF-8' }, undefined],
  [{ LANG: 'en_GB.utf8' }, undefined],
  [{ LANG: 'en_GB.UTF-8', LC_ALL: 'POSIX' }, 'C.UTF-8'],
])('with the locale %j, LC_ALL is %s', (own, expected) => {
  expect(ansibleEnvironment(own, '/run', plain)['LC_ALL']).toBe(expected);
});

test('the agent is passed on only where the access allows it', () => {
  const own = { SSH_AUTH_SOCK: '/agent' };
  expect(ansibleEnvironment(own, '/run', plain)['SSH_AUTH_SOCK']).toBeUndefined();
  expect(ansibleEnvironment(own, '/run', { ...plain, agent: true })['SSH_AUTH_SOCK']).toBe('/agent');
});

test("Consul's token is not passed on", () => {
  expect(ansibleEnvironment({ CONSUL_HTTP_TOKEN: 'x', A: 'b' }, '/run', plain)).toMatchObject({ A: 'b' });
  expect(ansibleEnvironment({ CONSUL_HTTP_TOKEN: 'x' }, '/run', plain)).not.toHaveProperty(
    'CONSUL_HTTP_TOKEN',
  );
});

test('host keys are checked whatever the environment says', () => {
  const own = { ANSIBLE_HOST_KEY_CHECKING: 'False' };
  expect(ansibleEnvironment(own, '/run', plain)['ANSIBLE_HOST_KEY_CHECKING']).toBe('True');
});

test("the user's own callback plugins stay, behind ours", () => {
  const own = { ANSIBLE_CALLBACK_PLUGINS: '/mine' };
  expect(ansibleEnvironment(own, '/run', plain)['ANSIBLE_CALLBACK_PLUGINS']).toBe(
    `${ansibleDir}/plugins:/mine`,
  );
});

test('a folder too long for a socket has the connections not shared', () => {
  expect(ansibleEnvironment({}, '/run', plain)['ANSIBLE_SSH_CONTROL_PATH_DIR']).toBe('/run/cp');
  const long = ansibleEnvironment({}, `/${'x'.repeat(90)}`, plain);
  expect(long['ANSIBLE_SSH_CONTROL_PATH_DIR']).toBeUndefined();
  expect(long['ANSIBLE_SSH_ARGS']).toBe('-o ControlMaster=no');
});

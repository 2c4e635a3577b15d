import { expect, test } from 'vitest';
import { deliveryVars, readVars } from '../../../src/delivery/ansible/extra-vars.ts';
import { inventoryText } from '../../../src/delivery/ansible/inventory.ts';
import { nameFromAnywhere } from '../../../src/delivery/ansible/playbook-file.ts';
import { sshConfigText } from '../../../src/delivery/ansible/ssh-config.ts';
import { unsafeText } from '../../../src/delivery/ansible/yaml-text.ts';
import { ansiblePlace, sampleAccess } from './ansible-place.ts';

test.each([
  ['plain', '!unsafe "plain"'],
  ['', '!unsafe ""'],
  ['{{ 1 + 1 }}', '!unsafe "{{ 1 + 1 }}"'],
  ['a "b" \\ c', '!unsafe "a \\"b\\" \\\\ c"'],
  ['two\nlines\ttab', '!unsafe "two\\nlines\\ttab"'],
  ['é\u2028😀\u007f', '!unsafe "\\U000000e9\\U00002028\\U0001f600\\U0000007f"'],
])('the text %j becomes a scalar that is no template', (text, scalar) => {
  expect(unsafeText(text)).toBe(scalar);
});

test('the inventory has one host under its own name, and leaves root to the play', () => {
  expect(inventoryText(ansiblePlace({ ssh: { port: 2222 } }), '/run/ssh_config')).toBe(`all:
  hosts:
    !unsafe "10.0.0.1":
      ansible_connection: ssh
      ansible_host: !unsafe "10.0.0.1"
      ansible_port: 2222
      ansible_host_key_checking: true
      ansible_ssh_timeout: 10
      ansible_ssh_common_args: !unsafe "-F '/run/ssh_config'"
`);
});

test('a user other than root is named, for it must win over the play', () => {
  expect(inventoryText(ansiblePlace({ ssh: { user: 'prom' } }), '/c')).toContain(
    '      ansible_user: !unsafe "prom"\n',
  );
});

test.each(['fe80::1', 'a[1:3]', '-o', 'a:22', 'a,b', 'host.'])(
  'a host %j that Ansible would read something into stays out of the name',
  (host) => {
    const text = inventoryText(ansiblePlace({ host }), '/c');
    expect(text).toContain('    !unsafe "collector":\n');
    expect(text).toContain(`      ansible_host: !unsafe "${host}"\n`);
  },
);

test.each([
  [{ user: 'jo', host: 'gate', port: 22 }, 'ProxyJump=jo@gate:22'],
  [{ user: 'jo', host: '2001:db8::1', port: 2200 }, 'ProxyJump=jo@[2001:db8::1]:2200'],
])('the jump host %j is an argument of its own', (jump, option) => {
  expect(inventoryText(ansiblePlace({ ssh: { jump } }), '/c')).toContain(`"-F '/c' -o '${option}'"`);
});

test('a quote in a path stays within its argument', () => {
  expect(inventoryText(ansiblePlace(), "/it's")).toContain(`-F '/it'\\"'\\"'s'`);
});

test('the ssh_config checks host keys, asks nothing and uses no agent unless told to', () => {
  expect(sshConfigText(sampleAccess)).toBe(`Host *
  BatchMode yes
  ConnectTimeout 10
  ServerAliveInterval 5
  ServerAliveCountMax 3
  StrictHostKeyChecking yes
  UserKnownHostsFile "/etc/known_hosts"
  IdentityAgent none
  Include ~/.ssh/config /etc/ssh/ssh_config
`);
});

test('the ssh_config names the key, the agent and the new hosts that are let in', () => {
  const text = sshConfigText({
    ...sampleAccess,
    agent: true,
    hostKey: 'accept-new',
    privateKeyFile: '/k/100% "mine"',
    connectTimeoutMs: 1,
  });
  expect(text).toContain('StrictHostKeyChecking accept-new\n');
  expect(text).toContain('IdentityFile "/k/100%% \\"mine\\""\n');
  expect(text).toContain('ConnectTimeout 1\n');
  expect(text).not.toContain('IdentityAgent');
});

test('the variables are those of prome_shard where the playbook knows the folder', () => {
  const place = ansiblePlace({ fileName: 'file_sd.json', port: 9091 });
  expect(deliveryVars(place, { name: '../x', sha1: 'a1' }, false)).toBe(
    'src_sd_file_name: !unsafe "../x"\ndest_sd_file_name: !unsafe "file_sd.json"\nservice_port: 9091\nsrc_sd_file_sha1: "a1"\n',
  );
});

test('the folder of the path is target_path, and a reload that is owed is said', () => {
  const place = ansiblePlace({ path: '/sd/{{ x }}/a.json' });
  expect(deliveryVars(place, { name: 'x', sha1: 'a1' }, true)).toContain(
    'dest_sd_file_name: !unsafe "a.json"\nservice_port: 9090\nsrc_sd_file_sha1: "a1"\ntarget_path: !unsafe "/sd/{{ x }}"\nprome_shard_reload_owed: true\n',
  );
});

test('the file to read is a variable too', () => {
  expect(readVars('/a b')).toBe('held_file: !unsafe "/a b"\n');
});

test.each(['/', '/books', '/a/b/c/d/e/f/g/h'])('a file is found from the folder %s', (folder) => {
  expect(new URL(nameFromAnywhere('/tmp/x/targets'), `file://${folder}/`).pathname).toBe('/tmp/x/targets');
});

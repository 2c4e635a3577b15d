import { expect, test } from 'vitest';
import { targetPathOf } from '../../src/config/playbook-folder.ts';

const playbook = (vars: string) => `
- hosts: all
  user: root
  vars:
    ${vars}
  tasks: []
`;

test.each([
  { what: 'a plain path', text: playbook('target_path: /data/sd'), path: '/data/sd' },
  { what: 'a template', text: playbook("target_path: '/data/{{ inventory_hostname }}'"), path: undefined },
  { what: 'a relative path', text: playbook('target_path: sd'), path: undefined },
  { what: 'a number', text: playbook('target_path: 12'), path: undefined },
  { what: 'another name', text: playbook('sd_path: /data/sd'), path: undefined },
  { what: 'no list of plays', text: 'hosts: all', path: undefined },
  { what: 'an empty list', text: '[]', path: undefined },
  { what: 'no YAML', text: '- {', path: undefined },
  { what: 'nothing', text: '', path: undefined },
])('a playbook with $what names $path', ({ text, path }) => {
  expect(targetPathOf(text)).toBe(path);
});

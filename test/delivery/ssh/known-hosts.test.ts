import { describe, expect, test } from 'vitest';
import { decideHostKey, hostKeyAlgorithms } from '../../../src/delivery/ssh/host-key-decision.ts';
import {
  hashedName,
  hostKeyOf,
  hostName,
  knownHostLine,
  parseKnownHosts,
} from '../../../src/delivery/ssh/known-hosts.ts';

/** A blob that names its type, as keys do; the rest is no matter to known_hosts. */
function key(type: string, rest: string) {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return { type, blob: Buffer.concat([length, name, Buffer.from(rest)]) };
}

const a = key('ssh-ed25519', 'a');
const b = key('ssh-ed25519', 'b');
const rsa = key('ssh-rsa', 'r');
const line = (names: string, of = a) => knownHostLine(names, of);
const salt = Buffer.alloc(20, 7);

const decide = (text: string, shown = a, host = 'Collector.example', port = 2222) =>
  decideHostKey(parseKnownHosts(text), { host, port }, shown);

describe('the decision on a host key', () => {
  test.each<[string, string, string]>([
    ['nothing', '', 'unknown'],
    ['the very host', line('[collector.example]:2222'), 'known'],
    ['the host in capitals', line('[COLLECTOR.example]:2222'), 'known'],
    ['the host in a list', line('other,[collector.example]:2222,10.0.0.1'), 'known'],
    ['a wildcard', line('[*.example]:2222'), 'known'],
    ['a wildcard for one character', line('[collecto?.example]:2222'), 'known'],
    ['a wildcard over everything', line('*'), 'known'],
    ['a dot that is no wildcard', line('[collectorxexample]:2222'), 'unknown'],
    ['a wildcard with an exception', line('*,!*collector*'), 'unknown'],
    ['an exception for another', line('*,!other'), 'known'],
    ['an exception alone', line('!other'), 'unknown'],
    ['another port', line('[collector.example]:22'), 'unknown'],
    ['the name without a port, the same key', line('collector.example'), 'known'],
    ['the name without a port, another key', line('collector.example', b), 'unknown'],
    ['part of the name', line('[collector.example]:222'), 'unknown'],
    ['a hashed name', line(hashedName('[collector.example]:2222', salt)), 'known'],
    ['a hashed name of another', line(hashedName('collector.examplf', salt)), 'unknown'],
    ['an unknown form of hash', line(`|2|${salt.toString('base64')}|AAAA`), 'unknown'],
    ['another key', line('[collector.example]:2222', b), 'changed'],
    ['a key of another type', line('[collector.example]:2222', rsa), 'changed'],
    [
      'another key and the name without a port',
      `${line('[collector.example]:2222', b)}\n${line('collector.example')}`,
      'changed',
    ],
    ['two keys', `${line('[collector.example]:2222', b)}\n${line('[collector.example]:2222')}`, 'known'],
    ['a comment', `# ${line('[collector.example]:2222')}`, 'unknown'],
    ['a line with a comment at its end', `${line('[collector.example]:2222')} root@host`, 'known'],
    ['lines ended by CRLF', `\r\n${line('[collector.example]:2222')}\r\n`, 'known'],
    [
      'spaces before and tabs between',
      `  ${line('[collector.example]:2222').replaceAll(' ', '\t')}`,
      'known',
    ],
    [
      'a bad line before',
      `nonsense\n[collector.example]:2222 ssh-ed25519\n${line('[collector.example]:2222')}`,
      'known',
    ],
    [
      'a key that is not of the type that it says',
      line('[collector.example]:2222', { ...a, type: 'ssh-rsa' }),
      'unknown',
    ],
    ['a revoked key', `@revoked ${line('*')}`, 'revoked'],
    [
      'a revoked key that is known too',
      `${line('*')}\n@revoked ${line('[collector.example]:2222')}`,
      'revoked',
    ],
    ['a revoked key of another host', `${line('*')}\n@revoked ${line('other')}`, 'known'],
    ['another revoked key', `${line('*')}\n@revoked ${line('*', b)}`, 'known'],
    ['only a revoked other key', `@revoked ${line('*', b)}`, 'unknown'],
    ['a certificate authority', `@cert-authority ${line('*')}`, 'unknown'],
    ['an unknown mark', `@other ${line('*')}`, 'unknown'],
  ])('with %s', (_, text, decision) => {
    expect(decide(text).decision).toBe(decision);
  });

  test('names the lines that it is about', () => {
    expect(decide(`\n# x\n${line('*', b)}`)).toMatchObject({ known: [{ line: 3 }] });
    expect(decide(`\n@revoked ${line('*')}`)).toMatchObject({ known: { line: 2 } });
    expect(decide(`@cert-authority ${line('*')}`)).toMatchObject({ authorities: [{ line: 1 }] });
  });
});

test.each([
  ['h', 22, 'h'],
  ['H', 2222, '[h]:2222'],
  ['::1', 22, '::1'],
  ['::1', 2222, '[::1]:2222'],
])('%s at port %i is called %s', (host, port, name) => {
  expect(hostName(host, port)).toBe(name);
});

describe('the algorithms to offer', () => {
  const offered = (text: string) => hostKeyAlgorithms(parseKnownHosts(text), { host: 'h', port: 2222 });

  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['one key', line('[h]:2222'), ['ssh-ed25519']],
    ['an rsa key', line('[h]:2222', rsa), ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
    ['two keys of one type', `${line('[h]:2222')}\n${line('[h]:2222', b)}`, ['ssh-ed25519']],
    ['the name without a port', line('h', rsa), ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
    ['both names', `${line('h', rsa)}\n${line('[h]:2222')}`, ['ssh-ed25519']],
    ['a type that nobody here knows', line('[h]:2222', key('ssh-dss', 'd')), []],
    ['a revoked key', `@revoked ${line('[h]:2222')}`, []],
  ])('with %s', (_, text, algorithms) => {
    expect(offered(text)).toEqual(algorithms);
  });
});

test.each([
  Buffer.alloc(0),
  Buffer.alloc(3),
  Buffer.from([255, 255, 255, 255, 0]),
  Buffer.from([0, 0, 0, 9, 1]),
])('a blob that is no key is none', (blob) => {
  expect(hostKeyOf(blob)).toBeUndefined();
});

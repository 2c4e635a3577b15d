import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { targetProblem } from '../../../src/getters/answer/target-problem.ts';

describe('a target', () => {
  test.each([
    '10.0.0.1:9100',
    'host:1',
    'host:65535',
    'my_host.example.org:80',
    'a-b.c:9100',
    'localhost.:9100',
    'x:00080',
    'bücher.example:9100',
    '[::1]:9100',
    '[2001:db8::1]:443',
    '[fe80::1%eth0]:9100',
  ])('%s is one', (target) => {
    expect(targetProblem(target)).toBeUndefined();
  });

  test.each([
    ['', 'got ""'],
    ['host', 'the port is missing'],
    ['host:', 'no port number'],
    ['host:http', 'no port number'],
    [':9100', 'a host is'],
    ['host:0', 'between 1 and 65535'],
    ['host:65536', 'between 1 and 65535'],
    ['host:99999', 'between 1 and 65535'],
    ['host:123456', 'no port number'],
    ['host:-1', 'no port number'],
    ['http://host:9100', 'leave the scheme out'],
    ['host:9100/metrics', 'leave the path out'],
    ['user:secret@host:9100', 'leave user and password out'],
    ['host :9100', 'white space'],
    ['host:9100\n', 'white space'],
    ['::1', 'needs brackets'],
    ['::1:9100', 'needs brackets'],
    ['[::1]', ''],
    ['[::1]:0', 'between 1 and 65535'],
    ['[host]:9100', 'no IPv6 address between the brackets'],
    ['[]:9100', 'no IPv6 address between the brackets'],
    ['a:b:9100', 'a host is'],
    ['ho{s}t:9100', 'a host is'],
    ['host:9100?x=1', 'no port number'],
    ['-x:9100', 'a host is'],
    ['x\ud800y:9100', 'a host is'],
    [5, 'got the number 5'],
    [null, 'got null'],
    [['a:1'], 'got a list of 1'],
    [{ host: 'a' }, 'got an object with keys host'],
    [undefined, 'got undefined'],
  ])('%j is none', (target, part) => {
    expect(targetProblem(target)).toMatch(/^expected "host:port", got /);
    expect(targetProblem(target)).toContain(part);
  });

  test('a long one is shown in part', () => {
    expect(targetProblem('x'.repeat(10_000))?.length).toBeLessThan(200);
  });

  test('any address and any port make one', () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
    );
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        expect(targetProblem(`${name}:${port}`)).toBeUndefined();
      }),
    );
  });

  test('nothing with a slash, an @ or white space is one', () => {
    const bad = fc.tuple(fc.string(), fc.constantFrom('/', '@', ' ', '\n', '\t'), fc.string());
    fc.assert(
      fc.property(bad, (parts) => {
        expect(targetProblem(`${parts.join('')}:9100`)).toBeDefined();
      }),
    );
  });
});

import { Command } from 'commander';
import { expect, test } from 'vitest';
import { withCommonFlags, withControllerFlags, withWebFlags } from '../../src/cli/flags.ts';

/** What these arguments are read as; a complaint rejects instead of ending the process. */
function read(...args: string[]): Record<string, unknown> {
  const command = withWebFlags(withCommonFlags(new Command()))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
}

test('without flags the config lies here, and the log is logfmt from info on', () => {
  expect(read()).toEqual({ 'config.file': 'config.yaml', 'log.level': 'info', 'log.format': 'logfmt' });
});

test.each([
  { text: ':8801', host: '', port: 8801 },
  { text: '127.0.0.1:8801', host: '127.0.0.1', port: 8801 },
  { text: 'monitor.example:1', host: 'monitor.example', port: 1 },
  { text: '[::1]:65535', host: '::1', port: 65_535 },
  { text: ':0', host: '', port: 0 },
])('$text is an address to listen on', ({ text, host, port }) => {
  expect(read('--web.listen-address', text)['web.listenAddress']).toEqual({ host, port });
});

test.each(['here', '8801', '127.0.0.1:', '127.0.0.1:65536', '::1:8801', '[::1]', 'http://a:1', 'a:1b', ''])(
  '%o is none, and it says what is',
  (text) => {
    expect(() => read('--web.listen-address', text)).toThrow('Expected host:port or :port');
  },
);

test('the words that are taken are those of Prometheus', () => {
  const args = ['--log.level', 'debug', '--log.format', 'json', '--web.enable-lifecycle'];
  expect(read(...args)).toMatchObject({
    'log.level': 'debug',
    'log.format': 'json',
    'web.enableLifecycle': true,
  });
  expect(() => read('--log.level', 'loud')).toThrow('Allowed choices are debug, info, warn, error');
});

function readUrl(text: string): unknown {
  const command = withControllerFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(['--url', text], { from: 'user' }).opts()['url'];
}

test('a controller is named by its URL, and by nothing else', () => {
  expect(readUrl('http://127.0.0.1:8801')).toEqual(new URL('http://127.0.0.1:8801/'));
  for (const text of ['127.0.0.1:8801', 'ftp://a', 'http://user:secret@a', '']) {
    expect(() => readUrl(text)).toThrow('Expected a URL without user and password');
  }
});

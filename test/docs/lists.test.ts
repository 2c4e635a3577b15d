import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { errorCodes } from '../../src/model/error-codes.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createWebApp } from '../../src/web/app.ts';

const root = join(import.meta.dirname, '../..');
const page = (name: string) => readFileSync(join(root, name), 'utf8');

/** The first cell of each row of the table whose heading row begins with `heading`, without its backticks. */
function column(text: string, heading: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(start + 2, length < 0 ? undefined : start + length);
  return rows.map((line) => /^\| `([^`]+)` /.exec(line)?.[1] ?? line);
}

const sorted = (names: Iterable<string>) => [...names].sort();

test('docs/errors.md lists every error code with what it means, and no other', () => {
  const text = page('docs/errors.md');
  expect(sorted(column(text, 'code'))).toEqual(sorted(Object.keys(errorCodes)));
  for (const [code, meaning] of Object.entries(errorCodes))
    expect(text).toContain(`| \`${code}\` | ${meaning} |`);
});

test('every error code is used', () => {
  const src = join(root, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const code = files
    .filter((file) => !file.endsWith('error-codes.ts'))
    .map((file) => page(join('src', file)));
  const unused = Object.keys(errorCodes).filter((name) => !code.some((text) => text.includes(`'${name}'`)));
  expect(unused).toEqual([]);
});

function commands(): readonly Command[] {
  return createProgram(() => undefined).commands;
}

test('docs/commands.md lists every command, and no other', () => {
  const documented = column(page('docs/commands.md'), 'command').map((name) => name.split(' ')[0] ?? '');
  expect(sorted(new Set(documented))).toEqual(sorted(commands().map((command) => command.name())));
});

test('docs/commands.md lists every flag with the commands that take it, and no other', () => {
  const flags = new Set(commands().flatMap((command) => command.options.map(({ long }) => long ?? '')));
  const documented = column(page('docs/commands.md'), 'flag');
  expect(sorted(documented)).toEqual(sorted([...flags, '--version', '--help']));
});

test('docs/api.md lists every endpoint, and no other', () => {
  const app = createWebApp({
    lifecycleEnabled: () => true,
    log: createLogger('error', 'json', () => undefined),
    source: {
      version: '',
      waitingFor: () => [],
      controller: () => ({ name: 'a:1', leads: true }),
      jobs: () => [],
      targets: () => [],
      metrics: async () => ({ contentType: '', text: '' }),
    },
    actions: { reload: async () => [], sync: () => false, accept: () => ({ result: 'no such job' }) },
  });
  const served = app.routes.filter(({ method }) => method !== 'ALL' && method !== 'PUT');
  const endpoints = new Set(served.map(({ method, path }) => `${method} ${path}`));
  expect(sorted(column(page('docs/api.md'), 'endpoint'))).toEqual(sorted(endpoints));
});

test('every link in the docs leads somewhere', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ];
  const broken = pages
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const links = [...page(name).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
        (match) => match[1] ?? '',
      );
      return links.map((link) => ({ name, link, path: join(root, name, '..', link) }));
    })
    .filter(({ path }) => !isThere(path))
    .map(({ name, link }) => `${name}: ${link}`);
  expect(broken).toEqual([]);
});

function isThere(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
  }
}

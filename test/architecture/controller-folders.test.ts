import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const controller = join(import.meta.dirname, '../../src/controller');

/** Folders on one line do not know each other; imports point to later lines only. */
const floors: readonly (readonly string[])[] = [
  ['views'],
  ['planning', 'handoff', 'getting'],
  ['files', 'guard'],
  ['timers'],
];

/** What all folders share. */
const shared = ['job-state.ts', 'failure.ts', 'metrics.ts'];

const files = readdirSync(controller, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file.includes('/'))
  .sort();

function floorOf(file: string): number {
  return floors.findIndex((folders) => folders.includes(dirname(file)));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(controller, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)]
    .map(([, specifier = '']) => relative(controller, join(dirname(join(controller, file)), specifier)))
    .filter((imported) => !imported.startsWith('..'));
}

test('every folder of the controller has its floor', () => {
  expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
  expect(files.flatMap(importsOf).length).toBeGreaterThan(files.length);
});

test('folders of the controller import only what lies below them, and what all share', () => {
  const wrong = files
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
    .filter(({ file, imported }) => dirname(file) !== dirname(imported) && !shared.includes(imported))
    .filter(({ file, imported }) => floorOf(imported) <= floorOf(file));
  expect(wrong).toEqual([]);
});

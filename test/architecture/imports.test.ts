import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** Rooms on one line do not know each other; imports point to later lines only. */
const floors: readonly (readonly string[])[] = [
  ['cli'],
  ['app'],
  ['web', 'gateway', 'controller', 'demo'],
  ['registry', 'getters', 'sharding', 'delivery'],
  ['config', 'runtime'],
  ['model'],
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '');
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => relative(src, join(dirname(join(src, file)), specifier)));
}

test('every room has its floor', () => {
  const rooms = new Set(files.map(roomOf));
  rooms.delete('index');
  expect([...rooms].filter((room) => floorOf(room) < 0)).toEqual([]);
});

test('imports point down only, and rooms on one floor do not know each other', () => {
  const wrong = files
    .filter((file) => file !== 'index.ts')
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
    .filter(({ file, imported }) => roomOf(file) !== roomOf(imported))
    .filter(({ file, imported }) => floorOf(roomOf(imported)) <= floorOf(roomOf(file)));
  expect(wrong).toEqual([]);
});

test('the public entry gives away what a getter and its test need, and nothing else', () => {
  const rooms = new Set(importsOf('index.ts').map(roomOf));
  expect([...rooms].sort()).toEqual(['getters', 'model']);
});

test('the check sees imports at all', () => {
  expect(files.flatMap(importsOf).length).toBeGreaterThan(files.length);
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { notYet } from '../../src/config/schema/not-yet.ts';
import { schemaLevels } from '../../src/config/schema/schema-levels.ts';
import { folderWith, settingsOf } from './load-text.ts';

const file = join(import.meta.dirname, '../../config.yaml');

it('the annotated sample loads', async () => {
  const answer = await loadSettings(file, { HOME: '/home/nobody' });
  expect(answer.ok ? answer.settings.jobs.map(({ name }) => name) : answer.problems).toEqual([
    'scrape_prome_ecs_inf',
  ]);
});

it('the annotated sample begins with the line that gives editors its schema', async () => {
  const [first] = (await readFile(file, 'utf8')).split('\n');
  expect(first).toBe('# yaml-language-server: $schema=./docs/config.schema.json');
});

it('the annotated sample shows every key that this version serves, and none that it refuses', async () => {
  const text = await readFile(file, 'utf8');
  const later = new Set(notYet.filter(({ refused }) => refused === undefined).map(({ key }) => key));
  const levels = [...schemaLevels()].filter(([level]) => !later.has(level));
  const keys = levels.flatMap(([level, names]) =>
    names.map((name) => ({ name, key: level === '' ? name : `${level}.${name}` })),
  );
  const shown = (name: string) => new RegExp(`(^|[\\s{#,])${name}:`, 'm').test(text);
  const served = keys.filter(({ key }) => !later.has(key));
  expect(served.filter(({ name }) => !shown(name))).toEqual([]);
  const alsoServed = new Set(served.map(({ name }) => name));
  expect(keys.filter(({ key, name }) => later.has(key) && !alsoServed.has(name) && shown(name))).toEqual([]);
});

it('the second job of the annotated sample loads when its comment signs are taken away', async () => {
  const text = await readFile(file, 'utf8');
  const [head = '', tail = ''] = text.split('  # from_http_sd');
  const folder = await folderWith('');
  const { jobs } = await settingsOf(`${head}  from_http_sd${tail.replaceAll(/^ {2}# /gm, '  ')}`, {}, folder);
  expect(jobs.map(({ name }) => name)).toEqual(['scrape_prome_ecs_inf', 'from_http_sd']);
});

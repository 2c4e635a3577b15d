import { expect, it } from 'vitest';
import { fillPlaceholders, placeholderFault } from '../../src/config/placeholders.ts';

it('puts values in place of the known names, also several times', () => {
  const values = { job: 'node', collector: 'a:1', host: 'a', port: '1' };
  const filled = (template: string) => fillPlaceholders(template, (name) => values[name]);
  expect(filled('/{job}/{collector}/{host}-{port}-{port}')).toBe('/node/a:1/a-1-1');
  expect(filled('{constructor}{job}')).toBe('{constructor}node');
});

it('does not look for names in what it put in', () => {
  expect(fillPlaceholders('{job}', (name) => (name === 'job' ? '{host}' : 'x'))).toBe('{host}');
});

it.each([
  ['/sd/{job}/{collector}/{host}/{port}', undefined],
  ['/sd', undefined],
  ['{name}', 'the placeholder {name} is unknown'],
  ['{toString}', 'the placeholder {toString} is unknown'],
  ['{}', 'the placeholder {} is unknown'],
  ['{Job}', 'the placeholder {Job} is unknown'],
  ['{job', 'a brace has no partner'],
  ['job}', 'a brace has no partner'],
  ['{{job}}', 'a brace has no partner'],
])('%j: %s', (template, fault) => {
  expect(placeholderFault(template)).toBe(fault);
});

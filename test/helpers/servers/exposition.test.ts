import { expect, test } from 'vitest';
import { parseExposition, sampleValue } from './exposition.ts';

const samples = parseExposition(`# HELP a_total What.
# TYPE a_total counter
a_total 1
b{x="1",y="q\\"u\\\\o\\nte, {}"} 2.5e3 1700000000
b{x="2",y=""} +Inf
c NaN
`);

test('samples have their names, labels and values', () => {
  expect(samples).toEqual([
    { name: 'a_total', labels: {}, value: 1 },
    { name: 'b', labels: { x: '1', y: 'q"u\\o\nte, {}' }, value: 2500 },
    { name: 'b', labels: { x: '2', y: '' }, value: Number.POSITIVE_INFINITY },
    { name: 'c', labels: {}, value: Number.NaN },
  ]);
});

test('a value is looked up by name and labels', () => {
  expect(sampleValue(samples, 'a_total')).toBe(1);
  expect(sampleValue(samples, 'b', { x: '2' })).toBe(Number.POSITIVE_INFINITY);
  expect(sampleValue(samples, 'b', { x: '3' })).toBeUndefined();
  expect(() => sampleValue(samples, 'b')).toThrow('name more labels');
});

test('a line that is no sample is an error', () => {
  expect(() => parseExposition('<html>')).toThrow('not a sample: <html>');
});

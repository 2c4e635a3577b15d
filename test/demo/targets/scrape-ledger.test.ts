import { expect, test } from 'vitest';
import { ScrapeLedger } from '../../../src/demo/targets/scrape-ledger.ts';

test('a collector counts as scraping from its last scrape on', () => {
  const ledger = new ScrapeLedger();
  ledger.record('t', 'a', 100);
  ledger.record('t', 'b', 200);
  ledger.record('t', 'a', 300);
  expect([200, 201, 300, 301].map((fromMs) => ledger.since('t', fromMs))).toEqual([
    ['a', 'b'],
    ['a'],
    ['a'],
    [],
  ]);
  expect(ledger.count('t')).toBe(3);
});

test('the longest gap is that of one target, whoever scrapes it', () => {
  const ledger = new ScrapeLedger();
  ledger.record('t', 'a', 0);
  ledger.record('u', 'a', 900);
  ledger.record('t', 'b', 1000);
  ledger.record('t', 'a', 1100);
  expect(ledger.longestGapMs()).toBe(1000);
});

test('a gap that began before the restart counts in full', () => {
  const ledger = new ScrapeLedger();
  ledger.record('t', 'a', 0);
  ledger.record('t', 'a', 5000);
  ledger.restartGaps();
  expect(ledger.longestGapMs()).toBe(0);
  ledger.record('t', 'a', 7000);
  expect(ledger.longestGapMs()).toBe(2000);
});

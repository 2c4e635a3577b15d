import { expect, test } from 'vitest';
import { frame, type Scene } from '../../../src/demo/screen/frame.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/demo/screen/glyphs.ts';
import { sightsOf } from '../../../src/demo/screen/sights.ts';
import type { Paint } from '../../../src/demo/screen/span.ts';
import type { TimedEvent } from '../../../src/demo/story/demo-event.ts';
import { type Sketch, sketch } from '../story/snapshots.ts';

const plain: Paint = (_style, text) => text;

function list(...counts: readonly [number, number][]): number[] {
  return counts.flatMap(([owner, count]) => Array.from({ length: count }, () => owner));
}

const calm: Sketch = { owners: list([1, 104], [2, 105], [3, 91]) };
const story: readonly TimedEvent[] = [
  { atMs: 200, event: { type: 'joined', collectors: [1, 2, 3] } },
  { atMs: 1900, event: { type: 'whole', targets: 300 } },
  { atMs: 12_400, event: { type: 'killed', collector: 2 } },
];

function scene(facts: Sketch, events = story): Scene {
  return {
    collectorKind: 'built-in collectors',
    snapshot: sketch(facts),
    events,
    sights: sightsOf({
      webPort: 8801,
      collectorUrl: 'http://127.0.0.1:9101/',
      target: '127.0.0.1:20001',
      folder: { path: '/tmp/prome-shard-demo-x' },
    }),
  };
}

function rows(facts: Sketch, columns: number, height: number, events = story, glyphs = unicodeGlyphs) {
  return frame(scene(facts, events), { columns, rows: height }, glyphs, plain).map((row) => row.trimEnd());
}

test('a terminal of 80 by 24 shows all there is', () => {
  expect(rows(calm, 80, 24)).toEqual([
    ' prome-shard demo  300 targets · 3 built-in collectors · all on this machine',
    '',
    ' collector                                                     planned  scraped',
    ' [1] 127.0.0.1:9101  up       ███████████                          104      104',
    ' [2] 127.0.0.1:9102  up       ███████████                          105      105',
    ' [3] 127.0.0.1:9103  up       █████████                             91       91',
    '',
    ' ✓ 300 of 300 targets scraped by exactly one collector, in the last 3 s',
    '',
    '',
    '    0.2 s  collectors 1, 2 and 3 are in the pool',
    '    1.9 s  all 300 targets scraped as planned',
    '   12.4 s  collector 2 killed (SIGKILL)',
    '',
    '',
    '',
    ' jobs       http://127.0.0.1:8801/api/v1/jobs',
    ' owner      http://127.0.0.1:8801/api/v1/targets?match=127.0.0.1:20001',
    ' metrics    http://127.0.0.1:8801/metrics',
    ' collector  http://127.0.0.1:9101/',
    ' files      /tmp/prome-shard-demo-x',
    '            config.yaml, targets/demo.ts, collectors/, prome-shard.log',
    '',
    ' 1 2 3  kill or revive a collector     q  quit',
  ]);
});

test('while targets move it shows what is due, what is too much, and who scrapes the rest', () => {
  const moving: Sketch = {
    owners: list([1, 150], [3, 150]),
    scrapers: [
      ...list([1, 100], [2, 50], [3, 120]).map((one) => [one]),
      ...Array.from({ length: 30 }, () => []),
    ],
    dead: [2],
  };
  expect(rows(moving, 80, 24).slice(3, 9)).toEqual([
    ' [1] 127.0.0.1:9101  up       ██████████░░░░░░                     150      100',
    ' [2] 127.0.0.1:9102  down     ▒▒▒▒▒                                  0       50',
    ' [3] 127.0.0.1:9103  up       ████████████░░░░                     150      120',
    '',
    ' … 220 of 300 targets scraped by exactly the planned collector, in the last 3 s',
    '   the others: 50 by another one, 30 by none',
  ]);
});

test.each([
  [80, 24],
  [60, 16],
  [200, 60],
  [36, 9],
  [20, 5],
  [3, 2],
  [1, 1],
])('a terminal of %d by %d is never overrun, and its last row tells the keys', (columns, height) => {
  const drawn = frame(scene(calm), { columns, rows: height }, unicodeGlyphs, plain);
  expect(drawn.length).toBeLessThanOrEqual(height);
  for (const row of drawn) expect(row.length).toBeLessThanOrEqual(columns);
  if (columns > 6) expect(drawn.at(-1)).toContain('1 2 3');
});

test('a lower terminal gives up what to look at before what happened', () => {
  const drawn = rows(calm, 80, 16).join('\n');
  expect(drawn).not.toContain('/api/v1/jobs');
  expect(drawn).toContain('collector 2 killed');
});

test.each([
  [22, true],
  [21, false],
])('with %d rows, what to look at is shown: %j, for three events go first', (height, shown) => {
  expect(rows(calm, 80, height).join('\n').includes('/api/v1/jobs')).toBe(shown);
});

test('only the last events are shown where there is no room for all', () => {
  const many = Array.from({ length: 50 }, (_, index) => ({
    atMs: index * 1000,
    event: { type: 'killed', collector: index } as const,
  }));
  const drawn = rows(calm, 80, 24, many).filter((row) => row.includes('killed'));
  expect(drawn.map((row) => row.trim().split(' ')[0])).toEqual(['45.0', '46.0', '47.0', '48.0', '49.0']);
});

test('a narrow terminal keeps the numbers and gives up the bars', () => {
  expect(rows(calm, 58, 24)[3]).toBe(' [1] 127.0.0.1:9101  up           104      104');
});

test('before the first plan it says that it waits', () => {
  expect(rows({ absent: [1, 2, 3] }, 80, 24).slice(3, 8)).toEqual([
    ' [1] 127.0.0.1:9101  joining                                         0        0',
    ' [2] 127.0.0.1:9102  joining                                         0        0',
    ' [3] 127.0.0.1:9103  joining                                         0        0',
    '',
    ' … waiting for the first plan',
  ]);
});

test('where the locale is not UTF-8 every character is ASCII', () => {
  const drawn = rows({ ...calm, scrapers: [], dead: [2] }, 70, 24, story, asciiGlyphs).join('\n');
  expect(drawn).toMatch(/^[ -~\n]*$/);
  expect(drawn).toContain('.......');
});

test('colours change nothing but the colour', () => {
  const marked: Paint = (style, text) => (style === 'plain' ? text : `<${style}>${text}</>`);
  const drawn = frame(scene(calm), { columns: 80, rows: 24 }, unicodeGlyphs, marked);
  const without = drawn.map((row) => row.replaceAll(/<[a-z/]+>/g, '').trimEnd());
  expect(without).toEqual(rows(calm, 80, 24));
  expect(drawn[3]).toContain('<green>███████████</>');
  expect(drawn[12]).toContain('<red>collector 2 killed');
});

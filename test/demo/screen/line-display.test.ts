import { expect, test } from 'vitest';
import type { Scene } from '../../../src/demo/screen/frame.ts';
import { createLineDisplay } from '../../../src/demo/screen/line-display.ts';
import { sketch } from '../story/snapshots.ts';

test('prints what to look at once, each event, and how things stand whenever all is well', () => {
  const written: string[] = [];
  const display = createLineDisplay((text) => written.push(text));
  const scene: Scene = {
    collectorKind: 'x',
    snapshot: sketch({ owners: [1, 1, 3], dead: [2] }),
    events: [],
    sights: [{ name: 'jobs', where: 'http://jobs' }],
  };
  display.show(scene);
  display.told({ atMs: 1200, event: { type: 'killed', collector: 2 } });
  display.show(scene);
  display.told({ atMs: 3000, event: { type: 'whole', targets: 3 } });
  display.show(scene);
  display.show(scene);
  display.end();
  expect(written.join('')).toBe(
    [
      'jobs       http://jobs',
      '   1.2 s  collector 2 killed (SIGKILL)',
      '   3.0 s  all 3 targets scraped as planned',
      '= 3 of 3 targets scraped by exactly one collector, in the last 3 s',
      '  [1] 127.0.0.1:9101  up  2 planned  2 scraped',
      '  [2] 127.0.0.1:9102  down  0 planned  0 scraped',
      '  [3] 127.0.0.1:9103  up  1 planned  1 scraped',
      '',
    ].join('\n'),
  );
});

import { expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const place = placeOf(sampleJob('j', ['a'], '/sd'), nodeOf('a'));
const share = { place, planned: [], departing: false };
const leaving = { ...share, departing: true };

test('files are found by their key and by the jobs that share them', () => {
  const files = new Files();
  const x = files.put('x', 'j', share);
  const y = files.put('y', 'j', share);
  expect(files.put('x', 'k', share), 'one file, whoever names it').toBe(x);
  expect([files.get('x'), files.get('y'), files.get('z')]).toEqual([x, y, undefined]);
  expect([...files.of('j')]).toEqual([x, y]);
  expect([...files.of('k')]).toEqual([x]);
  expect([...files.of('nobody')]).toEqual([]);
  expect([...files.all()]).toEqual([x, y]);
  expect(files.size).toBe(2);
});

test('what is known of a file is doubted when its collector comes back, and only then', () => {
  const files = new Files();
  const file = files.put('x', 'j', share);
  file.trust = 'sure';
  files.put('x', 'j', { ...share, planned: [{ targets: ['127.0.0.1:1'], labels: {} }] });
  files.put('x', 'j', leaving);
  files.put('x', 'j', leaving);
  files.put('x', 'k', share);
  expect(file).toMatchObject({ trust: 'sure', doubts: 0 });
  files.put('x', 'j', share);
  expect(file).toMatchObject({ trust: 'unclear', doubts: 1 });
});

test('the last share that is dismissed takes the file along', () => {
  const files = new Files();
  const file = files.put('x', 'j', share);
  files.put('x', 'k', share);
  files.dismiss(file, 'j');
  files.dismiss(file, 'nobody');
  expect({ of: [...files.of('j')], size: files.size }).toEqual({ of: [], size: 1 });
  files.dismiss(file, 'k');
  expect({ of: [...files.of('k')], size: files.size, at: files.get('x') }).toEqual({ of: [], size: 0 });
});

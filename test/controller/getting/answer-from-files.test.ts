import { expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { answerFromFiles } from '../../../src/controller/getting/answer-from-files.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const group = (target: string, labels = {}): TargetGroup => ({ targets: [target], labels });

/** Files of the job `j`, by host, with what each holds of it; undefined: never read. */
function filesOf(held: Readonly<Record<string, readonly TargetGroup[] | undefined>>): Files {
  const files = new Files();
  for (const [host, groups] of Object.entries(held)) {
    const place = placeOf(sampleJob('j', [], '/sd'), nodeOf(host));
    const file = files.put(host, 'j', { place, planned: undefined, departing: false });
    if (groups !== undefined) {
      file.held = new Map([
        ['j', groups],
        ['k', [group('of:k')]],
        ['', [group('of:nobody')]],
      ]);
    }
  }
  return files;
}

test('what the files hold of a job is put together, each target once, and nothing of others', () => {
  const files = filesOf({
    a: [group('t:1'), group('t:2', { env: 'x' })],
    b: [group('t:1')],
    c: undefined,
  });
  expect(answerFromFiles(files, 'j', undefined)).toMatchObject({
    targets: 2,
    fromFiles: true,
    groups: [
      { targets: ['t:2'], labels: { env: 'x' } },
      { targets: ['t:1'], labels: {} },
    ],
  });
});

test('nothing held is no answer, not an empty one', () => {
  expect(answerFromFiles(filesOf({ a: [], b: undefined }), 'j', undefined)).toBeUndefined();
  expect(answerFromFiles(new Files(), 'j', undefined)).toBeUndefined();
});

test('what was known before stays, and equal content has an equal digest', () => {
  const before = answerFromFiles(filesOf({ a: [group('t:1')] }), 'j', undefined);
  const after = answerFromFiles(filesOf({ a: [group('t:2')] }), 'j', before);
  expect(after?.targets).toBe(2);
  const same = answerFromFiles(filesOf({ b: [group('t:2')], a: [group('t:1')] }), 'j', undefined);
  expect(same?.digest).toBe(after?.digest);
  expect(same?.digest).not.toBe(before?.digest);
  expect(answerFromFiles(filesOf({ a: [] }), 'j', before)?.digest).toBe(before?.digest);
  const labelled = answerFromFiles(filesOf({ a: [group('t:1', { env: 'x' })] }), 'j', undefined);
  expect(labelled?.digest).not.toBe(before?.digest);
});

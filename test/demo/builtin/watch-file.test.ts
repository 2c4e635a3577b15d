import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchFile } from '../../../src/demo/builtin/watch-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test('calls at first and after each change, and not between', async () => {
  const file = join(await tempFolder('watch'), 'file');
  const replace = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  const stopping = new AbortController();
  const steps = [() => replace('a'), undefined, () => replace('b'), undefined, () => rm(file), undefined];
  const calls: number[] = [];
  let turn = 0;
  const clock = {
    now: () => 0,
    wall: (at: number) => new Date(at),
    sleep: async () => {
      await steps[turn]?.();
      turn += 1;
      if (turn > steps.length) stopping.abort();
    },
  };
  const changed = () => Promise.resolve(void calls.push(turn));
  await watchFile(file, changed, clock, stopping.signal);
  expect(calls).toEqual([0, 1, 3, 5]);
});

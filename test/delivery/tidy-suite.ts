import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fence } from '../../src/delivery/transport.ts';
import { ShardError } from '../../src/model/errors.ts';
import { openFence } from '../helpers/open-fence.ts';
import { failure, type TransportHarness } from './transport-suite.ts';

const never = new AbortController().signal;
const old = '.sd.json.00112233445566aa.tmp';
const staying = [
  '.sd.json.00112233445566bb.tmp',
  '.other.json.00112233445566aa.tmp',
  '.sd.json.backup.tmp',
] as const;

const shut: Fence = () => {
  throw new ShardError('not_leading', 'another controller leads');
};

/** What every transport promises that a killed process may leave files behind. */
export function tidySuite(
  name: string,
  start: () => Promise<Pick<TransportHarness, 'transport' | 'folder' | 'place'>>,
): void {
  describe(`what broken-off writes left, by the ${name} transport`, () => {
    let harness: Awaited<ReturnType<typeof start>>;
    const at = (file: string) => join(harness.folder, file);
    const left = async () => (await readdir(harness.folder)).sort();
    const tidy = (path: string, signal = never, fence = openFence) =>
      harness.transport.tidy?.(harness.place(path), signal, fence);
    const age = async (file: string, minutes: number) => {
      const time = new Date(Date.now() - minutes * 60_000);
      await utimes(at(file), time, time);
    };

    beforeEach(async () => {
      harness = await start();
      for (const file of ['sd.json', old, ...staying]) await writeFile(at(file), '[]');
      for (const file of [old, staying[1], staying[2]]) await age(file, 11);
      // Older than what was left, as where nothing was written since.
      await age('sd.json', 20);
    });
    afterEach(() => harness.transport.close());

    test('goes when it is old and of the very file, though nothing is written', async () => {
      await tidy(at('sd.json'));
      expect(await left()).toEqual([...staying, 'sd.json'].sort());
    });

    test('goes after a write', async () => {
      await harness.transport.write(harness.place(at('sd.json')), Buffer.from('[]'), never, openFence);
      expect(await left()).toEqual([...staying, 'sd.json'].sort());
    });

    test('stays where the fence says no, and goes once it lets it', async () => {
      await tidy(at('sd.json'), never, shut);
      expect(await left()).toContain(old);
      await tidy(at('sd.json'));
      expect(await left()).not.toContain(old);
    });

    test('is looked for once more after a write that failed', async () => {
      await harness.transport.tidy?.(harness.place(at('other.json')), never, openFence);
      expect(await left()).not.toContain(staying[1]);
      await writeFile(at(staying[1]), '');
      await age(staying[1], 11);
      await tidy(at('other.json'));
      expect(await left()).toContain(staying[1]);
      const place = harness.place(at('other.json'));
      await failure(harness.transport.write(place, Buffer.from('[]'), never, shut));
      await tidy(at('other.json'));
      expect(await left()).not.toContain(staying[1]);
    });

    test('is no failure where there is no folder, nor when called off', async () => {
      await tidy(at('missing/sd.json'));
      await tidy(at('sd.json'), AbortSignal.abort());
      expect(await left()).toContain(old);
    });
  });
}

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import { ShardError } from '../../src/model/errors.ts';
import { openFence } from '../helpers/open-fence.ts';
import { until } from '../helpers/until.ts';

/** One transport with a collector's folder that this process can look into. */
export interface TransportHarness {
  readonly transport: Transport;
  readonly folder: string;
  /** Where `path`, absolute, lies on the collector; nothing is reloaded. */
  place(path: string): Place;
  /** A place whose folder the collector's user may not write to, and what the error says of that user. */
  denied(): Promise<Place>;
  /** Closes what the transport does not. */
  stop(): Promise<void>;
}

const never = new AbortController().signal;

/** Names that something on the way could read a meaning into. */
export const hardNames: readonly string[] = [
  'a b.json',
  '$(touch pwned).json',
  '`touch pwned`.json',
  '"; touch pwned; ".json',
  "it's.json",
  '-rf.json',
  '*.json',
  'наблюдение-観測.json',
  'new\nline.json',
  '\\back.json',
  `${'x'.repeat(250)}.json`,
];

/**
 * What every transport promises. `maxBytes` is the largest file that it is tried with, `replacements` how often;
 * `cutOffLeaves` are names that a cut-off call may leave beside the file, for the next call to overwrite.
 */
export function transportSuite(
  name: string,
  start: () => Promise<TransportHarness>,
  { maxBytes = 3_000_000, replacements = 100, names = hardNames, cutOffLeaves = /^$/ } = {},
): void {
  describe(`the ${name} transport`, () => {
    let harness: TransportHarness;
    let transport: Transport;
    const at = (file: string) => join(harness.folder, file);
    const write = (path: string, text: string | Buffer, signal = never) =>
      transport.write(harness.place(path), Buffer.from(text), signal, openFence);

    beforeEach(async () => {
      harness = await start();
      transport = harness.transport;
    });
    afterEach(async () => {
      await transport.close();
      await harness.stop();
    });

    test.each([0, 1, 40_000, maxBytes])('reads back the same %i bytes that it wrote', async (size) => {
      const bytes = randomBytes(size);
      await write(at('sd.json'), bytes);
      expect((await readFile(at('sd.json'))).equals(bytes)).toBe(true);
      const held = await transport.read(harness.place(at('sd.json')), never);
      expect(held.state).toBe('file');
      expect(held.state === 'file' && held.bytes.equals(bytes)).toBe(true);
    });

    test('says that there is no file', async () => {
      expect(await transport.read(harness.place(at('none.json')), never)).toEqual({ state: 'none' });
    });

    test('says that there is no file where there is no folder', async () => {
      expect(await transport.read(harness.place(at('none/sd.json')), never)).toEqual({ state: 'none' });
    });

    test('leaves a file of mode 0644 and nothing beside it, whatever the umask', async () => {
      await write(at('sd.json'), '[]');
      await write(at('sd.json'), '[1]');
      expect((await stat(at('sd.json'))).mode & 0o777).toBe(0o644);
      expect(await readdir(harness.folder)).toEqual(['sd.json']);
    });

    test('replaces at once: a reader in a loop never sees a part', async () => {
      const version = (n: number) => JSON.stringify(Array.from({ length: 2000 }, () => n));
      await write(at('sd.json'), version(0));
      let reading = true;
      let reads = 0;
      const reader = (async () => {
        while (reading) {
          const list: unknown = JSON.parse(await readFile(at('sd.json'), 'utf8'));
          expect(new Set(Array.isArray(list) ? list : []).size).toBe(1);
          reads += 1;
        }
      })();
      for (let n = 1; n <= replacements; n += 1) await write(at('sd.json'), version(n));
      reading = false;
      await reader;
      expect(reads).toBeGreaterThan(10);
      expect(await readFile(at('sd.json'), 'utf8')).toBe(version(replacements));
    });

    test('says which folder does not exist', async () => {
      const error = await failure(write(at('missing/sd.json'), '[]'));
      expect(error.code).toBe('delivery_no_folder');
      expect(error.message).toContain(`the folder ${at('missing')} does not exist`);
    });

    test('says that the user may not write, and what the old file was stays', async () => {
      const place = await harness.denied();
      const error = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
      expect(error.code).toBe('delivery_denied');
      expect(error.message).toContain('may not write');
      expect(error.message).toContain(place.path);
    });

    test.each(names)('takes the name %j as it is', async (file) => {
      await mkdir(at('a $(dir)'));
      const path = join(at('a $(dir)'), file);
      await write(path, '[]');
      expect(await readdir(at('a $(dir)'))).toEqual([file]);
      expect(await transport.read(harness.place(path), never)).toEqual({
        state: 'file',
        bytes: Buffer.from('[]'),
      });
      expect(await readdir(harness.folder)).toEqual(['a $(dir)']);
    });

    test('fails where a folder has the name of the file, and leaves it', async () => {
      await mkdir(at('sd.json'));
      await writeFile(join(at('sd.json'), 'kept'), '');
      expect((await failure(write(at('sd.json'), '[]'))).code).toMatch(/^delivery_/);
      expect((await failure(transport.read(harness.place(at('sd.json')), never))).code).toMatch(/^delivery_/);
      expect(await readdir(harness.folder)).toEqual(['sd.json']);
      expect(await readdir(at('sd.json'))).toEqual(['kept']);
    });

    test('does nothing once called off', async () => {
      const error = await failure(write(at('sd.json'), '[]', AbortSignal.abort()));
      expect(error.code).toBe('delivery_aborted');
      expect(await readdir(harness.folder)).toEqual([]);
      const place = harness.place(at('sd.json'));
      expect((await failure(transport.read(place, AbortSignal.abort()))).code).toBe('delivery_aborted');
    });

    test('called off in the middle, leaves the old file whole and nothing beside it', async () => {
      await write(at('sd.json'), '["old"]');
      const off = new AbortController();
      const writing = failure(write(at('sd.json'), Buffer.alloc(maxBytes * 10, ' '), off.signal));
      while ((await readdir(harness.folder)).length === 1) await new Promise(setImmediate);
      off.abort();
      expect((await writing).code).toBe('delivery_aborted');
      expect(await readFile(at('sd.json'), 'utf8')).toBe('["old"]');
      const left = (await readdir(harness.folder)).filter((name) => !cutOffLeaves.test(name));
      expect(left).toEqual(['sd.json']);
    });

    test('asks the fence when all but the rename is done, and renames', async () => {
      await write(at('sd.json'), '["old"]');
      const seen: string[] = [];
      await transport.write(harness.place(at('sd.json')), Buffer.from('["new"]'), never, () =>
        seen.push(readFileSync(at('sd.json'), 'utf8')),
      );
      expect(seen).toEqual(['["old"]']);
      expect(await readFile(at('sd.json'), 'utf8')).toBe('["new"]');
    });

    test('replaces nothing where the fence says no, fails with its error and leaves nothing beside', async () => {
      await write(at('sd.json'), '["old"]');
      const notLeading = new ShardError('not_leading', 'another controller leads');
      const fence = () => {
        throw notLeading;
      };
      const place = harness.place(at('sd.json'));
      expect(await failure(transport.write(place, Buffer.from('["new"]'), never, fence))).toBe(notLeading);
      expect(await readFile(at('sd.json'), 'utf8')).toBe('["old"]');
      expect(await readdir(harness.folder)).toEqual(['sd.json']);
      await write(at('sd.json'), '["new"]');
      expect(await readFile(at('sd.json'), 'utf8')).toBe('["new"]');
    });

    test('leaves no handle open after close', async () => {
      const before = handles().length;
      await write(at('sd.json'), '[]');
      await transport.read(harness.place(at('sd.json')), never);
      await transport.close();
      await until(() => handles().length <= before, { what: `no more handles than before: ${handles()}` });
    });
  });
}

/** What a call that must fail fails with. */
export async function failure(call: Promise<unknown>): Promise<ShardError> {
  const came = await call.then(
    (value) => `no error but ${String(value)}`,
    (error: unknown) => error,
  );
  if (came instanceof ShardError) return came;
  throw new Error('expected a ShardError', { cause: came });
}

/** A folder that only its owner may look into, as `harness.denied` needs for a user who is not root. */
export async function closedFolder(parent: string): Promise<string> {
  const folder = join(parent, 'closed');
  await mkdir(folder);
  await chmod(folder, 0o555);
  return folder;
}

/** What keeps a process alive: sockets, timers, child processes. */
export function handles(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((type) => /TCP|Timeout|Process/.test(type))
    .sort();
}

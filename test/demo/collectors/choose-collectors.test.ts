import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseCollectors } from '../../../src/demo/collectors/choose-collectors.ts';
import { makeFolder, removeFolder } from '../../../src/demo/files/folder.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { freePort } from '../../helpers/free-port.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

async function choose(script: string | undefined, collector?: 'prometheus') {
  const searchPath = await tempFolder('path');
  if (script !== undefined)
    await writeFile(join(searchPath, 'prometheus'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const folder = await makeFolder();
  const alive = new Set<number>();
  const notes: string[] = [];
  const wish = {
    ...(collector === undefined ? {} : { collector }),
    searchPath,
    note: (text: string) => notes.push(text),
  };
  const guard = { started: (pid: number) => alive.add(pid), ended: (pid: number) => alive.delete(pid) };
  const options = {
    ports: [await freePort()],
    folder,
    intervalMs: 1000,
    guard,
    clock: systemClock,
    ended: () => undefined,
  };
  const result = await chooseCollectors(wish, options, new AbortController().signal).catch(
    (error: unknown) => error,
  );
  await removeFolder(folder.path);
  return { result, alive, notes };
}

test('who asks for a Prometheus and has none is told what to do', async () => {
  const { result } = await choose(undefined, 'prometheus');
  expect(result).toMatchObject({ code: 'demo_no_collectors' });
  expect(String(result)).toContain('install it, or leave --collector away');
});

test('who asks for a Prometheus that does not start is told why, and nothing runs', async () => {
  const script = '[ "$1" = --version ] && echo "prometheus, version 9.9.9" && exit; echo no luck >&2; exit 3';
  const { result, alive, notes } = await choose(script, 'prometheus');
  expect(String(result)).toMatch(
    /expected 1 collectors to start; Prometheus 9\.9\.9 did not start: .* ended: no luck/,
  );
  expect(alive.size).toBe(0);
  expect(notes).toEqual([]);
});

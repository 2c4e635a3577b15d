import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '../temp-folder.ts';
import { serverPaths } from './server-paths.ts';

/** A clock on the wall that can be set while a program looks at it; what measures durations goes on. */
export interface ClockSetter {
  /** For the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on the program's clock is so many seconds off. */
  set(offsetSeconds: number): Promise<void>;
}

export async function createClockSetter(): Promise<ClockSetter> {
  const { fakeTime } = await serverPaths();
  if (fakeTime === undefined) throw new Error('expected libfaketime.so.1 beside faketime');
  const file = join(await tempFolder('clock'), 'offset');
  const set = (offsetSeconds: number) => writeFile(file, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
  await set(0);
  return {
    env: {
      LD_PRELOAD: fakeTime,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}

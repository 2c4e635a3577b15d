import { posix } from 'node:path';
import type { TidyFolder } from '../left-overs.ts';
import { openFileSession } from './file-session.ts';
import type { RemoteFile } from './remote-file.ts';

/** The folder of a file on its host. */
export async function remoteFolder({ connection, path, signal }: RemoteFile): Promise<TidyFolder> {
  const session = await openFileSession(connection, signal);
  const folder = posix.dirname(path);
  const at = (name: string) => posix.join(folder, name);
  return {
    list: () => session.list(folder),
    async timeOf(name) {
      const handle = await session.open(at(name), 'wx');
      try {
        return (await session.stat(handle)).modifiedMs;
      } finally {
        await session.close(handle);
        await session.remove(at(name));
      }
    },
    remove: (name) => session.remove(at(name)),
  };
}

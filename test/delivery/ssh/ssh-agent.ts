import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Child, startChild } from '../../helpers/child.ts';
import { mustRun } from '../../helpers/servers/run-command.ts';
import { serverPaths } from '../../helpers/servers/server-paths.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

export interface SshAgent {
  readonly socket: string;
  add(privateKeyFile: string): Promise<void>;
  stop(): Promise<void>;
}

/** A real ssh-agent without keys. */
export async function startSshAgent(): Promise<SshAgent> {
  const socket = join(await tempFolder('agent'), 'socket');
  const child: Child = await startChild({ command: await beside('ssh-agent'), args: ['-D', '-a', socket] });
  await until(() => existsSync(socket), { what: 'the socket of ssh-agent' });
  return {
    socket,
    async add(privateKeyFile) {
      await mustRun(await beside('ssh-add'), ['-q', privateKeyFile], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      });
    },
    async stop() {
      await child.stop();
    },
  };
}

/** A program of OpenSSH's client package: beside ssh on the PATH, else where the tests' own copy is unpacked. */
async function beside(program: string): Promise<string> {
  const folder = dirname((await serverPaths()).ssh);
  const found = [join(folder, program), join(folder, '../root/usr/bin', program)].find((path) =>
    existsSync(path),
  );
  if (found === undefined) throw new Error(`expected ${program} beside ssh in ${folder}`);
  return found;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { bundledPlaybook } from '../../src/config/resolve/resolve-delivery.ts';
import { createAnsibleTransport } from '../../src/delivery/ansible/ansible-transport.ts';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import { type AnsiblePlaceOptions, ansiblePlace } from '../delivery/ansible/ansible-place.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { accessTo } from '../delivery/ssh/place-on.ts';
import type { Sshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

/** The environment in which the tests' ansible-playbook works; its home is a folder of the test. */
export function ansibleTestEnv(): NodeJS.ProcessEnv {
  const { searchPath, python3 } = inject('servers');
  return {
    ...process.env,
    PATH: searchPath,
    ANSIBLE_PYTHON_INTERPRETER: python3,
    // Where Python may keep what it compiled, ansible starts in half the time.
    PYTHONDONTWRITEBYTECODE: '',
  };
}

/** A transport over the tests' ansible-playbook, and the folder of its runs. */
export async function ansibleTransport(
  options: { readonly maxRuns?: number; readonly runLimitMs?: number; readonly askLimitMs?: number } = {},
): Promise<{ readonly transport: Transport; readonly tempDir: string }> {
  const tempDir = await tempFolder('run');
  const binary = inject('servers')['ansible-playbook'];
  const { log } = collectedLog();
  return {
    transport: createAnsibleTransport({ log, binary, tempDir, env: ansibleTestEnv(), ...options }),
    tempDir,
  };
}

/** A place on a test's sshd. */
export function ansiblePlaceOn(sshd: Sshd, { ssh, ...rest }: AnsiblePlaceOptions): Place {
  return ansiblePlace({ host: sshd.host, playbook: bundledPlaybook, ...rest, ssh: accessTo(sshd, ssh) });
}

/** Writes a playbook into a folder of its own and returns its path. */
export async function writePlaybook(text: string): Promise<string> {
  const folder = join(await tempFolder('playbook'), 'my ansible');
  await mkdir(folder);
  await writeFile(join(folder, 'copy.yaml'), text);
  return join(folder, 'copy.yaml');
}

/** A playbook of these tasks. */
export function playbookOf(...tasks: readonly object[]): Promise<string> {
  return writePlaybook(JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import { abortError } from '../raced.ts';
import type { Fence, Place } from '../transport.ts';
import { ansibleEnvironment } from './ansible-environment.ts';
import { defaultUser, inventoryText } from './inventory.ts';
import { type ChildEnd, runChild } from './run-child.ts';
import { runError } from './run-error.ts';
import { parseRunEvents, type RunEvent } from './run-events.ts';
import type { RunFolder } from './run-folder.ts';
import { sshConfigText } from './ssh-config.ts';

export interface PlaybookRun {
  readonly place: Place;
  readonly playbook: string;
  /** Where ansible.cfg is looked for. */
  readonly cwd: string;
  /** The text of the file of extra vars. */
  readonly vars: string;
  /** For `read`, what slurp tasks read is among the events. */
  readonly doing: 'read' | 'write';
  /** Called directly before ansible-playbook is started. */
  readonly fence?: Fence;
}

export interface Machine {
  readonly binary: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** Runs a playbook for one collector and returns what it reported; throws a ShardError where it failed. */
export async function runPlaybook(
  machine: Machine,
  folder: RunFolder,
  run: PlaybookRun,
  signal: AbortSignal,
): Promise<readonly RunEvent[]> {
  const { place, playbook, cwd, vars, doing } = run;
  const sshConfig = await folder.write('ssh_config', sshConfigText(place.ssh));
  const inventory = await folder.write('inventory.yaml', inventoryText(place, sshConfig));
  const varsFile = await folder.write('vars.yaml', vars);
  const result = await folder.write('result', '');
  const env = ansibleEnvironment(machine.env, folder.path, {
    agent: place.ssh.agent,
    content: doing === 'read',
  });
  const args = ['-i', inventory, '-u', defaultUser, '-e', `@${varsFile}`, playbook];
  run.fence?.();
  const end = await runChild({ command: machine.binary, args, cwd, env }, machine.clock, signal);
  await closeSharedConnections(machine.clock, folder.path, env);
  if (signal.aborted) throw abortError(signal);
  const events = parseRunEvents(await readFile(result, 'utf8'));
  const error = runError({ binary: machine.binary, playbook, place, doing, end, events });
  if (error !== undefined) throw error;
  return events;
}

/** ssh stays in the background for the next task of the run; after the run there is none. */
async function closeSharedConnections(clock: Clock, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const sockets = await readdir(join(folder, 'cp'));
  await Promise.all(sockets.map((socket) => closeConnection(clock, join(folder, 'cp', socket), env)));
}

function closeConnection(clock: Clock, socket: string, env: NodeJS.ProcessEnv): Promise<ChildEnd> {
  const args = ['-F', 'none', '-S', socket, '-O', 'exit', 'collector'];
  return runChild({ command: 'ssh', args, cwd: '/', env }, clock, AbortSignal.timeout(2000));
}

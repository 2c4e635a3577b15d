import { spawn } from 'node:child_process';
import { signalGroup } from '../../runtime/signal-group.ts';
import { withoutConsulAccess } from '../../runtime/without-consul-access.ts';

/** Characters of a command's output that are kept. */
const keptCharacters = 4096;

export interface CommandEnd {
  /** null: ended by a signal, or never started. */
  readonly code: number | null;
  /** The head of what it said on both channels. */
  readonly output: string;
}

/** Runs the operator's own shell command; when `signal` aborts, it and all that it started are killed. */
export function runCommand(command: string, signal: AbortSignal): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      detached: true,
      env: withoutConsulAccess(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(0, keptCharacters);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const kill = () => signalGroup(child, 'SIGKILL');
    signal.addEventListener('abort', kill);
    if (signal.aborted) kill();
    const ended = (code: number | null) => {
      signal.removeEventListener('abort', kill);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output = error.message;
      ended(null);
    });
    // What a good command left running may hold the pipes open for ever; of a bad one the last words are wanted.
    child.on('exit', (code) => code === 0 && ended(code));
    child.on('close', ended);
  });
}

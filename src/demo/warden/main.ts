import { removeFolder } from '../files/folder.ts';
import { parseWardenMessage } from './warden-message.ts';

// Outlives the demo by a moment: ends the processes that are left, then removes the folder in the argument ('' for none).
const folder = process.argv[2] ?? '';
const running = new Set<number>();

process.on('message', (message) => {
  const { type, pid } = parseWardenMessage(message);
  if (type === 'started') running.add(pid);
  else running.delete(pid);
});

process.once('disconnect', () => {
  for (const pid of running) endProcess(pid);
  if (folder !== '') void removeFolder(folder);
});

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

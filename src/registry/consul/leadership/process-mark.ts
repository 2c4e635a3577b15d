import { readFile, readlink } from 'node:fs/promises';

/** Names a process of this machine among all, also later ones and those of others; undefined where the system does not tell. */
export async function markOf(pid: number): Promise<string | undefined> {
  const [machine, start] = await Promise.all([thisMachine(), startOf(pid)]);
  return machine === undefined || start === undefined ? undefined : `${machine} ${pid} ${start.time}`;
}

/** Whether a marked process is known to have ended: it ran on this machine since its last boot, and it does not run now. */
export async function hasEnded(mark: string): Promise<boolean> {
  const [, machine, pid, time] = /^(\S+ \S+) (\d+) (\d+)$/.exec(mark) ?? [];
  if (machine === undefined || machine !== (await thisMachine())) return false;
  if (!isThere(Number(pid))) return true;
  const start = await startOf(Number(pid));
  return start !== undefined && (start.time !== time || start.ended);
}

/** The boot of this machine and, as containers count their processes anew, the namespace of process numbers. */
async function thisMachine(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** Also sees processes of others that /proc hides. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** When a process started, in the kernel's ticks since the boot, and whether only its number is left. */
async function startOf(pid: number): Promise<{ readonly time: string; readonly ended: boolean } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name before the last parenthesis may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', time] = [fields[0], fields[19]];
    return time === undefined ? undefined : { time, ended: 'ZX'.includes(state) };
  } catch {
    return undefined;
  }
}

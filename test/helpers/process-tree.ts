import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Link {
  readonly pid: number;
  readonly parent: number;
}

/** A process and all that descend from it, parents first; just the pid when it has none or is gone. */
export function processTree(pid: number): number[] {
  return familyOf(pid, existsSync('/proc/self/stat') ? linksFromProc() : linksFromPs());
}

/** The pids of a family out of all links, parents first. */
export function familyOf(pid: number, links: readonly Link[]): number[] {
  const family = [pid];
  for (const member of family) {
    for (const link of links) if (link.parent === member) family.push(link.pid);
  }
  return family;
}

/** Sends a signal to one process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Whether a process still runs; one that ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  if (existsSync('/proc/self/stat')) return !['Z', undefined].includes(statOf(pid)?.state);
  return signalProcess(pid, 'SIGCONT');
}

function linksFromProc(): Link[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      return stat === undefined ? [] : [{ pid: Number(name), parent: stat.parent }];
    });
}

interface Stat {
  readonly state: string | undefined;
  readonly parent: number;
}

function statOf(pid: number | string): Stat | undefined {
  try {
    // The second field is the name in brackets, and may itself hold spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function linksFromPs(): Link[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return { pid: pid ?? 0, parent: parent ?? 0 };
    });
}

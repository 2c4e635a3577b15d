import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fleet } from '../e2e/fleet/fleet.ts';
import type { Child } from '../helpers/child.ts';
import { freePort } from '../helpers/free-port.ts';
import { signalProcess } from '../helpers/process-tree.ts';
import { startCli } from '../helpers/servers/cli.ts';
import { parseExposition, sampleValue } from '../helpers/servers/exposition.ts';
import { httpText } from '../helpers/servers/http.ts';
import { until } from '../helpers/until.ts';

/** What one process of a controller was seen to use and to do, from its start to its end. */
export interface Life {
  readonly name: string;
  readonly startedMs: number;
  readonly samples: { readonly atMs: number; readonly rssKb: number; readonly handles: number }[];
  readonly counts: Map<string, number>;
}

/** One controller of the group: a process after the other. */
export interface Controller {
  readonly name: string;
  readonly url: string;
  /** The process that is there now. */
  child(): Child;
  start(): Promise<void>;
  /** A process that only starts hears it when it can. */
  reload(): void;
  /** Notes what it uses now; nothing while it does not answer. */
  sample(): Promise<void>;
  readonly lives: readonly Life[];
  /** What all its processes wrote. */
  log(): string;
}

/** The counters of which the soak tells the sum over all lives. */
export const counted = {
  moves: 'prome_shard_moved_targets_total',
  deliveries: 'prome_shard_deliveries_total',
} as const;

export async function createController(name: string, fleet: Fleet): Promise<Controller> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const children: Child[] = [];
  const lives: Life[] = [];
  const child = (): Child => {
    const last = children.at(-1);
    if (last === undefined) throw new Error(`${name} was never started`);
    return last;
  };
  return {
    name,
    url,
    child,
    lives,
    async start() {
      const flags = ['run', '--config.file', fleet.configFile, '--web.listen-address', `127.0.0.1:${port}`];
      const env = { FLEET_INVENTORY: join(fleet.folder, 'inventory.json') };
      children.push(await startCli(flags, { env }));
      lives.push({ name, startedMs: Date.now(), samples: [], counts: new Map() });
    },
    reload() {
      const one = child();
      const started = () => one.exit !== undefined || one.stderr().includes('msg=started');
      void until(started, { within: 120_000 }).then(() => signalProcess(one.pid, 'SIGHUP'));
    },
    async sample() {
      const life = lives.at(-1);
      if (life === undefined || child().exit !== undefined) return;
      noteUse(life, child().pid);
      noteCounts(life, await httpText(`${url}/metrics`, { timeoutMs: 1000 }).catch(() => ''));
    },
    log: () => children.map((one) => one.stderr()).join(`--- ${name}: a new process\n`),
  };
}

function noteUse(life: Life, pid: number): void {
  try {
    const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    // One that has just ended uses nothing any more.
    if (rssKb > 0) life.samples.push({ atMs: Date.now(), rssKb, handles });
  } catch {
    // It ended just now.
  }
}

function noteCounts(life: Life, text: string): void {
  if (text === '') return;
  const samples = parseExposition(text);
  for (const metric of Object.values(counted)) {
    const sum = samples
      .filter(({ name, labels }) => name === metric && (labels['result'] ?? 'delivered') === 'delivered')
      .reduce((total, { value }) => total + value, 0);
    life.counts.set(metric, sum);
  }
  life.counts.set('leader', sampleValue(samples, 'prome_shard_leader') ?? 0);
}

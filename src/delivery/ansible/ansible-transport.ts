import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShardError } from '../../model/errors.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { askDirectly, askLimitMs } from '../http/ask.ts';
import { fileKey } from '../place.ts';
import { limited, raced } from '../raced.ts';
import type { Fence, Held, HttpAnswer, Place, Transport } from '../transport.ts';
import { ansibleDir } from './ansible-environment.ts';
import { deliveryVars, readVars } from './extra-vars.ts';
import { checkKey } from './key-file.ts';
import { findPlaybook, nameFromAnywhere } from './playbook-file.ts';
import type { RunEvent } from './run-events.ts';
import { makeRunFolder, type RunFolder, removeLeftOvers } from './run-folder.ts';
import { createRunLimit } from './run-limit.ts';
import { type PlaybookRun, runPlaybook } from './run-playbook.ts';

export interface AnsibleTransportOptions {
  readonly log: Logger;
  /** The program; default `ansible-playbook` on the PATH. */
  readonly binary?: string;
  /** Where the private folders of the runs are made; default the system's temporary folder. */
  readonly tempDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** Milliseconds for one run; default 120,000. */
  readonly runLimitMs?: number;
  /** Milliseconds for one question to Prometheus; default 10,000. */
  readonly askLimitMs?: number;
  /** Runs at once, of all jobs together; default 8: each is a Python process that computes for about a second. */
  readonly maxRuns?: number;
}

/** Delivers by running the job's playbook, one run of ansible-playbook for each file that changed. */
export function createAnsibleTransport(options: AnsibleTransportOptions): Transport {
  return new AnsibleTransport(options);
}

class AnsibleTransport implements Transport {
  readonly #options: Required<AnsibleTransportOptions>;
  readonly #limit;
  readonly #closing = new AbortController();
  readonly #runs = new Set<Promise<unknown>>();
  /** Files whose last run failed, with its fence: one may be in place without the reload that belongs to it. */
  readonly #owed = new Map<string, Fence>();
  #sweeping: Promise<void> | undefined;

  constructor(options: AnsibleTransportOptions) {
    this.#options = {
      binary: 'ansible-playbook',
      tempDir: tmpdir(),
      env: process.env,
      clock: systemClock,
      runLimitMs: 120_000,
      askLimitMs,
      maxRuns: 8,
      ...options,
    };
    this.#limit = createRunLimit(this.#options.maxRuns);
  }

  async read(place: Place, signal: AbortSignal): Promise<Held> {
    const { path } = place;
    if (path === undefined) return { state: 'unknown' };
    const events = await this.#inTurn(place, signal, async (folder, stop) => {
      const { cwd } = await findPlaybook(playbookOf(place));
      const playbook = join(ansibleDir, 'read_file.yaml');
      return await this.#play(folder, { place, playbook, cwd, vars: readVars(path), doing: 'read' }, stop);
    });
    const found = events.find((event) => event.event === 'content');
    return found?.event === 'content'
      ? { state: 'file', bytes: Buffer.from(found.content, 'base64') }
      : { state: 'none' };
  }

  async write(place: Place, bytes: Buffer, signal: AbortSignal, fence: Fence): Promise<void> {
    await this.#deliver(place, bytes, signal, fence);
  }

  /** The playbook reloads in the run that writes; where that run failed, it is run once more with what the collector holds. */
  async reload(place: Place, signal: AbortSignal): Promise<boolean> {
    const fence = this.#owed.get(fileKey(place));
    if (fence === undefined) return true;
    const held = await this.read(place, signal);
    if (held.state === 'file') await this.#deliver(place, held.bytes, signal, fence);
    return true;
  }

  /** Over the network: there is no connection to go through. */
  ask({ collector: { host, port } }: Place, path: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { clock, askLimitMs: limitMs } = this.#options;
    return askDirectly({ host, port, path }, { clock, limitMs }, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort(new ShardError('delivery_aborted', 'the ansible transport was closed'));
    while (this.#runs.size > 0) await Promise.allSettled(this.#runs);
  }

  async #deliver(place: Place, bytes: Buffer, signal: AbortSignal, fence: Fence): Promise<void> {
    const key = fileKey(place);
    const reloadOwed = this.#owed.has(key);
    const started = () => {
      fence();
      this.#owed.set(key, fence);
    };
    await this.#inTurn(place, signal, async (folder, stop) => {
      const { playbook, cwd } = await findPlaybook(playbookOf(place));
      const source = await folder.write('targets', bytes);
      const sha1 = createHash('sha1').update(bytes).digest('hex');
      const vars = deliveryVars(place, { name: nameFromAnywhere(source), sha1 }, reloadOwed);
      const run = { place, playbook, cwd, vars, doing: 'write', fence: started } as const;
      return await this.#play(folder, run, stop);
    });
    this.#owed.delete(key);
  }

  async #play(folder: RunFolder, run: PlaybookRun, stop: AbortSignal): Promise<readonly RunEvent[]> {
    await checkKey(run.place.ssh);
    return await runPlaybook(this.#options, folder, run, stop);
  }

  /** Waits for a turn and works in a private folder; whatever ends the call early, the turn lasts until the work has ended. */
  #inTurn<T>(
    place: Place,
    signal: AbortSignal,
    work: (folder: RunFolder, stop: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const turn = this.#limit(place, async () => {
      let ended: Promise<unknown> = Promise.resolve();
      try {
        return await limited(this.#limits(place, signal), (stop) => {
          const working = this.#inFolder((folder) => work(folder, stop));
          ended = working.catch(() => undefined);
          return working;
        });
      } finally {
        await ended;
      }
    });
    this.#track(turn);
    return raced(turn, signal);
  }

  async #inFolder<T>(work: (folder: RunFolder) => Promise<T>): Promise<T> {
    this.#sweeping ??= this.#sweep();
    await this.#sweeping;
    const folder = await makeRunFolder(this.#options.tempDir);
    try {
      return await work(folder);
    } finally {
      await folder.remove();
    }
  }

  #limits(place: Place, signal: AbortSignal): Parameters<typeof limited>[0] {
    const { clock, runLimitMs: limitMs } = this.#options;
    const late = () =>
      new ShardError(
        'delivery_timeout',
        `ansible-playbook for ${place.collector.host} did not end within ${limitMs} ms and was ended`,
        { retryable: true },
      );
    return { clock, limitMs, late, signals: [signal, this.#closing.signal] };
  }

  async #sweep(): Promise<void> {
    const { tempDir, runLimitMs, clock, log } = this.#options;
    try {
      await removeLeftOvers(tempDir, runLimitMs * 2, clock.wall(clock.now()).getTime());
    } catch (error) {
      log.debug({ error }, 'left-over folders of ansible runs not removed');
    }
  }

  #track(run: Promise<unknown>): void {
    const ended = run.then(
      () => undefined,
      () => undefined,
    );
    this.#runs.add(ended);
    void ended.then(() => this.#runs.delete(ended));
  }
}

function playbookOf({ spec }: Place): string {
  if (spec.type !== 'ansible')
    throw new TypeError(`a place of type ${spec.type} came to the ansible transport`);
  return spec.playbook;
}

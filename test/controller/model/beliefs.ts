import type { Lead } from './leadership-double.ts';
import type { Life, Targets } from './life.ts';
import { inForce, isDoubtful, type Witness } from './witness.ts';

export interface BeliefsOptions {
  readonly witness: Witness;
  readonly lead: Lead;
  /** How many targets of the job the process could read at its start; undefined where not all files could be read. */
  readonly readable: (life: Life, job: string) => number | undefined;
}

/** Follows what each process has in force: who believes bad news, or makes up an answer, is told of. */
export class Beliefs {
  readonly #options: BeliefsOptions;
  readonly #before = new Map<string, Targets>();
  /** Processes and jobs that had something in force. */
  readonly #begun = new Set<string>();

  constructor(options: BeliefsOptions) {
    this.#options = options;
  }

  /** Looks at what a process has in force of a job after something happened. */
  look(life: Life, job: string): 'from the getter' | 'not from the getter' {
    const name = `${life.name} ${job}`;
    const before = this.#before.get(name) ?? nothing;
    const now = inForce(life, job);
    this.#before.set(name, now);
    const fromGetter = life.given.get(job)?.some((given) => isSame(given, now)) ?? false;
    if (!isSame(before, now)) {
      this.#judge(life, job, before, now, fromGetter);
      this.#begun.add(name);
    }
    if (fromGetter && this.#options.lead.leader === life) this.#options.witness.protect(job, now.keys());
    return fromGetter ? 'from the getter' : 'not from the getter';
  }

  /** The job left the config. */
  forget(job: string): void {
    for (const name of [...this.#before.keys()])
      if (name.endsWith(` ${job}`)) {
        this.#before.delete(name);
        this.#begun.delete(name);
      }
  }

  #judge(life: Life, job: string, before: Targets, now: Targets, fromGetter: boolean): void {
    const { witness, readable } = this.#options;
    if (life.accepted.delete(job)) return;
    if (!fromGetter) {
      const lost = [...before.keys()].filter((address) => !now.has(address));
      if (lost.length > 0)
        witness.tell(`${life.name} has targets of ${job} in force that nobody answered, without ${lost}`);
      return;
    }
    const isFirst = !this.#begun.has(`${life.name} ${job}`);
    const basis = isFirst ? (readable(life, job) ?? 0) : before.size;
    if (isDoubtful(now.size, basis))
      witness.tell(`${life.name} believed ${now.size} targets of ${job} where ${basis} were in force`);
  }
}

const nothing: Targets = new Map();

function isSame(some: Targets, other: Targets): boolean {
  return some.size === other.size && [...some].every(([address, labels]) => other.get(address) === labels);
}

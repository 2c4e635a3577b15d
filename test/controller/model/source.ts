import type { GetterAnswer } from '../../../src/model/getter.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { keyOf } from './file-keys.ts';
import type { Targets } from './life.ts';

/** What the getter of a job makes of what there is: all of it, an error, nothing, or a small part. */
export const moods = ['well', 'fails', 'empty', 'few'] as const;
export type Mood = (typeof moods)[number];

/** How many targets there can be of a job. */
export const universe = 12;

/** What there is to scrape for one job, and how its getter is. */
export class Source {
  readonly job: string;
  mood: Mood = 'well';
  /** The version of each target's labels, by its number. */
  readonly #versions = new Map<number, number>();

  constructor(job: string, count: number) {
    this.job = job;
    for (let target = 0; target < count; target++) this.#versions.set(target, 0);
  }

  /** Targets go and come, or get other labels. */
  change(kind: 'drop' | 'add' | 'relabel', targets: readonly number[]): void {
    for (const target of targets) {
      const version = this.#versions.get(target);
      if (kind === 'drop') this.#versions.delete(target);
      else if (kind === 'relabel' && version !== undefined) this.#versions.set(target, version + 1);
      else if (kind === 'add' && version === undefined) this.#versions.set(target, 0);
    }
  }

  /** The labels (as JSON) of each target of a good answer. */
  targets(): Targets {
    return new Map(
      this.groups().flatMap(({ targets, labels }) => targets.map((t) => [t, JSON.stringify(labels)])),
    );
  }

  answer(): GetterAnswer {
    if (this.mood === 'fails') return { ok: false, reason: 'threw', message: 'it fails', durationMs: 1 };
    const groups = this.groups();
    return { ok: true, groups, duplicates: 0, digest: JSON.stringify(groups), durationMs: 1 };
  }

  /** Neighbours with equal labels stand in one group. */
  groups(): readonly TargetGroup[] {
    const there = [...this.#versions].sort(([some], [other]) => some - other);
    const told = { well: there, fails: [], empty: [], few: there.slice(0, Math.floor(there.length / 3)) };
    const groups = new Map<string, { targets: string[]; labels: Record<string, string> }>();
    for (const [target, version] of told[this.mood]) {
      const name = `${target >> 1} ${version}`;
      const group = groups.get(name) ?? { targets: [], labels: { version: String(version) } };
      group.targets.push(addressOf(target));
      groups.set(name, group);
    }
    return [...groups.values()];
  }
}

export function addressOf(target: number): string {
  return `t${target}:1`;
}

/** Every target that there can be of the job. */
export function allKeys(job: string): readonly string[] {
  return Array.from({ length: universe }, (_, target) => keyOf(job, addressOf(target)));
}

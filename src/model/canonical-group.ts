import { inCodeUnitOrder, isAscending } from './code-unit-order.ts';
import { groupLine, labelsEnd } from './group-line.ts';
import type { Labels, TargetGroup } from './target-group.ts';

/** A group whose targets are sorted and each once, and that knows its own line: sorting and writing groups need nothing else. */
export class CanonicalGroup implements TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Labels;
  readonly #line: string;
  readonly #labelsEnd: number;

  private constructor({ targets, labels }: TargetGroup, line: string) {
    this.targets = targets;
    this.labels = labels;
    this.#line = line;
    this.#labelsEnd = labelsEnd(line);
  }

  /** The group itself where it is one already. */
  static of(group: TargetGroup): CanonicalGroup {
    if (group instanceof CanonicalGroup) return group;
    const sorted = isAscending(group.targets)
      ? group
      : { targets: sortedOnce(group.targets), labels: group.labels };
    return new CanonicalGroup(sorted, groupLine(sorted));
  }

  /** As of `groupLine`. A method, so that comparing and printing groups shows targets and labels only. */
  line(): string {
    return this.#line;
  }

  hasLabelsOf(other: CanonicalGroup): boolean {
    return this.#labelsEnd === other.#labelsEnd && this.#labelsText() === other.#labelsText();
  }

  /** The same labels for other targets, in any order. */
  withTargets(targets: Iterable<string>): CanonicalGroup {
    const sorted = sortedOnce(targets);
    const line = `${this.#labelsText()},"targets":${JSON.stringify(sorted)}}`;
    return new CanonicalGroup({ targets: sorted, labels: this.labels }, line);
  }

  #labelsText(): string {
    return this.#line.slice(0, this.#labelsEnd);
  }
}

function sortedOnce(texts: Iterable<string>): string[] {
  return inCodeUnitOrder(new Set(texts));
}

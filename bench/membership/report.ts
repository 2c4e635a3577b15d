import { median, quantile } from '../lib/measure.ts';
import { fixed, printTable } from '../lib/table.ts';

/** One membership change. Times in milliseconds. */
export interface Measured {
  readonly what: 'leaves' | 'returns';
  /** From the port's closing or opening to Consul's answer. */
  readonly noticed: number;
  readonly understood: number;
  readonly planned: number;
  readonly encoded: number;
  readonly delivered: number;
  /** From Consul's answer to the last file renamed: the four before, one after the other. */
  readonly whole: number;
  /** The same bytes once more over the same connections, and nothing else. */
  readonly again: number;
  /** CPU of this process for the one and for the other. */
  readonly wholeCpu: number;
  readonly againCpu: number;
  readonly fileBytes: readonly number[];
}

type Row = readonly [name: string, of: (one: Measured) => number];

const header = ['ms', 'p50', 'p99', 'max'];

/** The controller's own share, part by part, beside what the writes alone cost in the same run. */
export function printShare(title: string, all: readonly Measured[]): void {
  const kib = median(all.flatMap(({ fileBytes }) => fileBytes)) / 1024;
  print(`${title}, files of ${fixed(kib, 0)} KiB`, all, [
    ["Consul's answer to the last rename", ({ whole }) => whole],
    ['  answer read, pool known', ({ understood }) => understood],
    ['  planned', ({ planned }) => planned],
    ['  first bytes of every file encoded', ({ encoded }) => encoded],
    ['  every file written and renamed', ({ delivered }) => delivered],
    ['the same bytes written again, nothing else', ({ again }) => again],
    ['the first as a multiple of that', ({ whole, again }) => whole / again],
    ['CPU: answer to the last rename', ({ wholeCpu }) => wholeCpu],
    ['CPU: the same bytes written again', ({ againCpu }) => againCpu],
  ]);
}

/** The share with a settling time, with it and without. */
export function printSettled(all: readonly Measured[], settleMs: number): void {
  print(`With the default settle of ${settleMs} ms: ${all.length} changes`, all, [
    ["Consul's answer to the last rename", ({ whole }) => whole],
    ['  less the settle', ({ whole }) => whole - settleMs],
  ]);
}

/** What the collectors' owner sees before the controller hears of it. */
export function printNoticed(all: readonly Measured[]): void {
  const of = (what: Measured['what']) => all.filter((one) => one.what === what);
  const noticed: Row[] = [["Consul's answer after it", (one) => one.noticed]];
  print('A port closes, checked every 1 s', of('leaves'), noticed);
  print('A port opens again', of('returns'), noticed);
}

function print(title: string, all: readonly Measured[], rows: readonly Row[]): void {
  const cells = rows.map(([name, of]) => [
    name,
    ...[0.5, 0.99, 1].map((q) => fixed(quantile(all.map(of), q), 1)),
  ]);
  printTable(title, header, cells);
}

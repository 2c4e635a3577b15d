import type { MoveFigures } from '../../test/e2e/fleet/mover.ts';
import { median, quantile } from '../lib/measure.ts';
import { fixed, printTable } from '../lib/table.ts';
import type { KillFigures } from './kill.ts';

const intervalMs = 1000;

export type EventFigures = MoveFigures & { readonly event: string };

/** What each event did to the samples, over all collectors together. */
export function printGaps(title: string, all: readonly EventFigures[]): void {
  const header = [
    'event',
    'moved',
    'largest gap',
    'gaps over 2',
    'twice: median',
    'largest',
    'settled after',
  ];
  printTable(
    `${title}; gaps in scrape intervals, times in s`,
    header,
    all.map(({ event, moved, gapsMs, overlapsMs, tookMs }) => [
      event,
      String(moved),
      fixed(quantile(gapsMs, 1) / intervalMs, 2),
      String(gapsMs.filter((ms) => ms > 2 * intervalMs).length),
      ...[0.5, 1].map((q) => (overlapsMs.length === 0 ? '-' : seconds(quantile(overlapsMs, q)))),
      seconds(tookMs),
    ]),
  );
}

/** Where the time goes from a collector's death to samples elsewhere. */
export function printKills(title: string, all: readonly KillFigures[]): void {
  const row = (name: string, values: readonly number[]): string[] => [
    name,
    ...[quantile(values, 0), median(values), quantile(values, 1)].map(seconds),
  ];
  printTable(
    `${title}: ${all.length} kills, s`,
    ['', 'least', 'median', 'largest'],
    [
      row(
        'killed to pool changed (Consul)',
        all.map(({ poolChangedMs }) => poolChangedMs),
      ),
      row(
        'to the last file delivered (controller)',
        all.map((one) => one.deliveredMs - one.poolChangedMs),
      ),
      row(
        'to the first sample of each target (Prometheus)',
        all.flatMap((one) => one.sampledMs.map((ms) => ms - one.deliveredMs)),
      ),
      row(
        'killed to the first sample elsewhere',
        all.flatMap(({ sampledMs }) => sampledMs),
      ),
    ],
  );
}

function seconds(ms: number): string {
  return fixed(ms / 1000, 1);
}

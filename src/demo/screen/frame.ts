import { scale } from '../scale.ts';
import type { TimedEvent } from '../story/demo-event.ts';
import type { Snapshot } from '../story/snapshot.ts';
import { collectorRows } from './collector-rows.ts';
import { coverageLines } from './coverage-lines.ts';
import { eventLine } from './event-line.ts';
import type { Glyphs } from './glyphs.ts';
import type { Sight } from './sights.ts';
import { clip, type Line, type Paint, paintLine, span } from './span.ts';

/** All that the screen shows. */
export interface Scene {
  /** What plays the collectors. */
  readonly collectorKind: string;
  readonly snapshot: Snapshot;
  /** Oldest first. */
  readonly events: readonly TimedEvent[];
  readonly sights: readonly Sight[];
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const blank: Line = [];
const leastEvents = 3;
const mostEvents = 10;

/** The rows of the screen: no more than it has, none wider than it is. */
export function frame(
  scene: Scene,
  { columns, rows }: Size,
  glyphs: Glyphs,
  paint: Paint,
): readonly string[] {
  const head = headLines(scene, columns - 2, glyphs);
  const foot = [blank, keysLine(scene.snapshot)];
  const body = bodyLines(scene, rows - head.length - foot.length);
  return [...head.slice(0, Math.max(0, rows - foot.length)), ...body, ...foot]
    .slice(-rows)
    .map((line) => clip([span(' '), ...line], columns, glyphs.more))
    .map((line) => paintLine(line, paint));
}

function headLines({ snapshot, collectorKind }: Scene, width: number, glyphs: Glyphs): readonly Line[] {
  return [
    title(snapshot, collectorKind, glyphs),
    blank,
    ...collectorRows(snapshot.collectors, width, glyphs),
    blank,
    ...coverageLines(snapshot.coverage, scale.windowMs, glyphs),
  ];
}

/** The last events, and below them what to look at where there is room for both. */
function bodyLines({ events, sights }: Scene, rows: number): readonly Line[] {
  const sightLines = [blank, ...sights.map(sightLine)];
  const below = rows > sightLines.length + leastEvents ? sightLines : [];
  const room = Math.min(mostEvents, rows - below.length - 1);
  if (room < 1) return [];
  const shown = events.slice(-room).map(eventLine);
  const padding = Array.from({ length: room - shown.length }, () => blank);
  return [blank, ...shown, ...padding, ...below];
}

function title({ collectors, owners }: Snapshot, collectorKind: string, { dot }: Glyphs): Line {
  const facts = [
    `${owners.size || scale.targets} targets`,
    `${collectors.length} ${collectorKind}`,
    'all on this machine',
  ];
  return [span('prome-shard demo', 'bold'), span(`  ${facts.join(` ${dot} `)}`, 'dim')];
}

function sightLine({ name, where }: Sight): Line {
  return [span(name.padEnd(11), 'dim'), span(where)];
}

function keysLine({ collectors }: Snapshot): Line {
  const keys = collectors.map(({ number }) => number).join(' ');
  return [
    span(keys, 'bold'),
    span('  kill or revive a collector', 'dim'),
    span('     q', 'bold'),
    span('  quit', 'dim'),
  ];
}

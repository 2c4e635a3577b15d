import type { DemoEvent, Move } from './demo-event.ts';

/** The event as a sentence. */
export function eventText(event: DemoEvent): string {
  switch (event.type) {
    case 'killed':
      return `collector ${event.collector} killed (SIGKILL)`;
    case 'started':
      return `collector ${event.collector} started again`;
    case 'died':
      return `collector ${event.collector} ended by itself: ${event.how}`;
    case 'joined':
      return joinedText(event.collectors);
    case 'left':
      return `collector ${event.collector} left the pool: ${event.reason}`;
    case 'moved':
      return movesText(event.moves);
    case 'whole':
      return `all ${targetsText(event.targets)} scraped as planned${gapText(event.longestGapMs)}`;
    case 'pool-kept':
      return `the plan stays as it is: ${event.reason}`;
    case 'pool-believed':
      return 'the pool is seen again';
    case 'getter-failed':
      return `the getter failed, the old targets stay: ${event.message}`;
    case 'getter-recovered':
      return 'the getter works again';
  }
}

/** Seconds with one decimal: `3.1 s`. */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function joinedText(collectors: readonly number[]): string {
  if (collectors.length === 1) return `collector ${collectors[0]} is in the pool`;
  return `collectors ${collectors.slice(0, -1).join(', ')} and ${collectors.at(-1)} are in the pool`;
}

function gapText(ms: number | undefined): string {
  return ms === undefined ? '' : `; the longest gap was ${secondsText(ms)}`;
}

function targetsText(count: number): string {
  return count === 1 ? '1 target' : `${count} targets`;
}

function movesText(moves: readonly Move[]): string {
  const total = moves.reduce((sum, { targets }) => sum + targets, 0);
  const froms = new Set(moves.map(({ from }) => from));
  const tos = new Set(moves.map(({ to }) => to));
  const [from = 0] = froms;
  const [to = 0] = tos;
  if (froms.size === 1 && from === 0) return `${targetsText(total)} shared out: ${parts(moves, 'to')}`;
  if (tos.size === 1 && to === 0) return `${targetsText(total)} gone: ${parts(moves, 'from')}`;
  if (tos.size === 1) return `${targetsText(total)} moved to collector ${to}: ${parts(moves, 'from')}`;
  if (froms.size === 1) return `${targetsText(total)} moved off collector ${from}: ${parts(moves, 'to')}`;
  const pairs = moves.map(({ from: was, to: is, targets }) => `${targets} ${was || 'new'}>${is || 'gone'}`);
  return `${targetsText(total)} moved: ${pairs.join(', ')}`;
}

function parts(moves: readonly Move[], end: 'from' | 'to'): string {
  return moves.map((move) => `${move.targets} ${end} ${move[end]}`).join(', ');
}

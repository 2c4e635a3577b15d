import type { Host } from '../../test/e2e/fleet/fleet.ts';
import type { MoveEstate } from '../../test/e2e/fleet/move-events.ts';
import { sampledSince, samplesOf } from '../../test/e2e/fleet/samples.ts';
import { filesOf, untilShared } from '../../test/e2e/fleet/sharing.ts';
import { firstSample } from '../../test/helpers/gaps.ts';

/** A collector's death; milliseconds since the kill. */
export interface KillFigures {
  /** The controller heard of it from Consul and changed the pool. */
  readonly poolChangedMs: number;
  /** The last of the others' files was written. */
  readonly deliveredMs: number;
  /** The first sample elsewhere, of each target that the dead one had. */
  readonly sampledMs: readonly number[];
}

/** Kills a collector of these, its Prometheus and its sshd, and lets it come back once the others have its targets. */
export async function killAndReturn(
  { fleet, mover }: MoveEstate,
  members: readonly Host[],
  victim: Host,
): Promise<KillFigures> {
  const others = fleet.hosts.filter((host) => host !== victim);
  const servers = others.map(({ prometheus }) => prometheus);
  const orphans = (await filesOf([victim])).flat();
  const killedAt = Date.now();
  await Promise.all([victim.prometheus.kill(), victim.sshd.kill()]);
  await untilShared(
    others,
    members.filter((host) => host !== victim),
    mover.targets,
  );
  await sampledSince(servers, mover.targets, Date.now());
  const samples = await samplesOf(servers, killedAt);
  const lines = logSince(mover.program.child.stderr(), killedAt);
  const figures = {
    poolChangedMs: firstOf(lines, 'pool changed') - killedAt,
    deliveredMs: Math.max(...timesOf(lines, 'delivered')) - killedAt,
    sampledMs: orphans.map((target) => (firstSample(samples, target, killedAt) ?? Number.NaN) - killedAt),
  };
  await Promise.all([victim.prometheus.restart(), victim.sshd.restart()]);
  await untilShared(fleet.hosts, members, mover.targets);
  return figures;
}

interface Line {
  readonly at: number;
  readonly message: string;
}

function logSince(text: string, from: number): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): { time: string; msg: string } => JSON.parse(line))
    .map(({ time, msg }) => ({ at: Date.parse(time), message: msg }))
    .filter(({ at }) => at >= from);
}

function timesOf(lines: readonly Line[], wanted: string): readonly number[] {
  return lines.filter(({ message }) => message === wanted).map(({ at }) => at);
}

function firstOf(lines: readonly Line[], wanted: string): number {
  return Math.min(...timesOf(lines, wanted));
}

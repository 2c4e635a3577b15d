import { until } from '../../helpers/until.ts';
import { delivered, type Host } from './fleet.ts';

/** The targets of each host, in the order of the hosts. */
export type Lists = readonly (readonly string[])[];

/** What each host's file holds. */
export async function filesOf(hosts: readonly Host[]): Promise<Lists> {
  return await Promise.all(hosts.map(async (host) => (await delivered(host)) ?? []));
}

/** Waits until the members alone share the targets: in their files first, then in what their Prometheus servers scrape. */
export async function untilShared(
  hosts: readonly Host[],
  members: readonly Host[],
  targets: readonly string[],
): Promise<void> {
  const scraped = () => Promise.all(hosts.map(({ prometheus }) => prometheus.addresses()));
  const looks = [
    { where: 'in the files', lists: () => filesOf(hosts), within: 90_000, every: 50 },
    { where: 'in Prometheus', lists: scraped, within: 20_000, every: 250 },
  ];
  for (const { where, lists, within, every } of looks) {
    const seen = async () => {
      mustBeShared(await lists(), hosts, members, targets);
      return true;
    };
    await until(seen, { within, every, what: `${members.length} collectors share the targets ${where}` });
  }
}

function mustBeShared(
  lists: Lists,
  hosts: readonly Host[],
  members: readonly Host[],
  targets: readonly string[],
): void {
  const all = lists.flat();
  const held = new Set(all);
  const isWhole = all.length === targets.length && targets.every((target) => held.has(target));
  const isTheirs = hosts.every((host, index) => members.includes(host) === (lists[index] ?? []).length > 0);
  if (isWhole && isTheirs) return;
  const found = hosts.map(({ name }, index) => `${lists[index]?.length} on ${name}`).join(', ');
  throw new Error(`expected ${targets.length} targets in all, found ${found}`);
}

/** Which host has each target; the last one where several have it. */
export function ownersIn(hosts: readonly Host[], lists: Lists): ReadonlyMap<string, string> {
  return new Map(
    hosts.flatMap(({ name }, index) =>
      (lists[index] ?? []).map((target): [string, string] => [target, name]),
    ),
  );
}

import { assign } from '../src/sharding/assign.ts';
import { diffPlans } from '../src/sharding/diff-plans.ts';
import { buildRing, collectorRing, ownerOf } from '../src/sharding/ring.ts';
import { answerOf, collectorNames } from './lib/answer.ts';
import { alternate, median } from './lib/measure.ts';
import { fixed, percent, printTable } from './lib/table.ts';

const targets = 100_000;
const virtualNodes = 1000;
const groups = answerOf(targets);
const addresses = groups.flatMap((group) => group.targets);

/** How evenly `size` collectors share the targets, and how many move when one more joins: the middle of ten pools. */
function placement(size: number): string[] {
  const pools = Array.from({ length: 10 }, (_, pool) =>
    collectorNames(size).map((name) => ({ name: `${name}.pool-${pool}` })),
  );
  const seen = pools.map((collectors) => {
    const plan = assign({ collectors, groups, virtualNodes, shardBy: 'target' });
    const loads = [...plan.values()].map((list) => list.length);
    const joined = assign({
      collectors: [...collectors, { name: 'newcomer' }],
      groups,
      virtualNodes,
      shardBy: 'target',
    });
    const mean = targets / size;
    return {
      max: Math.max(...loads) / mean,
      min: Math.min(...loads) / mean,
      moved: diffPlans(plan, joined).moved / targets,
    };
  });
  const maxima = seen.map(({ max }) => max);
  return [
    String(size),
    fixed(median(maxima), 3),
    fixed(Math.max(...maxima), 3),
    fixed(median(seen.map(({ min }) => min)), 3),
    percent(median(seen.map(({ moved }) => moved))),
    percent(1 / (size + 1)),
  ];
}

printTable(
  `Placement: ${targets} targets, ${virtualNodes} virtual nodes, ten pools of each size`,
  ['collectors', 'max/mean', 'worst max/mean', 'min/mean', 'moved by a join', 'ideal'],
  [3, 10, 50].map(placement),
);

const rule = collectorRing(virtualNodes);
const rings = [3, 10, 50, 300].map((size) => ({
  size,
  names: collectorNames(size),
  ring: buildRing(collectorNames(size), rule),
}));
const speed = rings.map(({ size, names, ring }) => {
  const times = alternate(7, {
    build: () => buildRing(names, rule),
    find: () => {
      for (const address of addresses) ownerOf(ring, address);
    },
  });
  const of = (name: string): number => median((times.get(name) ?? []).map(({ cpuMs }) => cpuMs));
  return [String(size), fixed(of('build'), 2), fixed(of('find')), fixed((of('find') * 1e6) / targets, 0)];
});
printTable(
  'Speed of the ring',
  ['collectors', 'build CPU ms', `find ${targets} owners CPU ms`, 'ns an owner'],
  speed,
);

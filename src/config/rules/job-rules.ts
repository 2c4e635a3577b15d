import { hostPort } from '../../model/collector.ts';
import { jobNameSchema } from '../schema/config-schema.ts';
import { eachJob, keyComplaint, type Rule, valueComplaint } from './rule.ts';

/** Without a job there is nothing to do. */
export const hasJobs: Rule = ({ countInFile }) =>
  countInFile(['shard_service']) > 0
    ? []
    : [
        keyComplaint(
          ['shard_service'],
          '`shard_service` has no job: expected at least one entry `<job>: {nodes: [..]}`',
        ),
      ];

/** A job's name must be one that a getter can be exported under. */
export const jobNamesAreIdentifiers: Rule = ({ config }) =>
  [...config.shard_service.keys()].flatMap((name) => {
    const parsed = jobNameSchema.safeParse(name);
    if (parsed.success) return [];
    const expected = parsed.error.issues[0]?.message ?? 'another name';
    return [keyComplaint(['shard_service', name], `job name ${JSON.stringify(name)}: expected ${expected}`)];
  });

/** What this process registers must be named. */
export const registeredJobsHaveNodes: Rule = eachJob((job, at, { countInFile }) => {
  if (!job.register || countInFile([...at, 'nodes']) > 0) return [];
  const message =
    'job without nodes: list them under `nodes`, or set `register: false` where the collectors register themselves';
  return [keyComplaint([...at, 'nodes'], message)];
});

/** A collector is a member of a pool once. */
export const nodesAreDistinct: Rule = eachJob((job, at) => {
  const seen = new Set<string>();
  return job.nodes.flatMap(({ host, port = job.port }, index) => {
    const address = hostPort(host.toLowerCase(), port);
    if (!seen.has(address)) {
      seen.add(address);
      return [];
    }
    const message = `${address} is a node of this job already: remove one of the two`;
    return [valueComplaint([...at, 'nodes', index], message)];
  });
});

/** Consul keeps one service an id, and the id is made of the names of job and host with `_` between them. */
export const serviceIdsAreDistinct: Rule = ({ config }) => {
  const owners = new Map<string, string>();
  return [...config.shard_service].flatMap(([name, job]) =>
    job.nodes.flatMap(({ host, port = job.port }, index) => {
      const id = `${name}_${host}_${port}`;
      const owner = owners.get(id) ?? name;
      owners.set(id, owner);
      if (owner === name || !job.register) return [];
      const message = `${host} would be registered as ${id}, which job ${owner} uses already: rename one of the jobs`;
      return [valueComplaint(['shard_service', name, 'nodes', index], message)];
    }),
  );
};

/** A path is asked for over HTTP only. */
export const pathsNeedHttpChecks: Rule = eachJob(({ check }, at) =>
  check.type === 'http' || check.path === undefined
    ? []
    : [keyComplaint([...at, 'check', 'path'], '`path` belongs to `type: http`: add that or remove the path')],
);

/** A handoff that waits has a time to wait: what means none is written so. */
export const handoffsHaveTime: Rule = eachJob(({ handoff: { mode, timeout } }, at) =>
  mode === 'none' || timeout > 0
    ? []
    : [
        valueComplaint(
          [...at, 'handoff', 'timeout'],
          `\`timeout\`: expected a time above 0 with \`mode: ${mode}\`: set one, or \`mode: none\` to let go at once`,
        ),
      ],
);

/** One schedule at a time. */
export const oneSchedule: Rule = ({ written }) => {
  const ticker = ['job_setting', 'ticker_interval'];
  if (!written(['job_setting', 'cron']) || !written(ticker)) return [];
  return [
    keyComplaint(ticker, '`ticker_interval` and `cron` both say when getters run: remove one of the two'),
  ];
};

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../helpers/until.ts';
import { type Fleet, fileName, jobEntry, jobName, type Program, startFleet } from './fleet/fleet.ts';

interface BadGetter {
  readonly name: string;
  readonly does: string;
  readonly body: string;
  readonly reason: string;
  readonly says: RegExp;
  /** Default 60s: no time limit of a busy machine may come before the fault. */
  readonly timeout?: string;
}

const bad: readonly BadGetter[] = [
  {
    name: 'throws',
    does: 'throws',
    body: "throw new Error('cmdb is down');",
    reason: 'threw',
    says: /cmdb is down/,
  },
  {
    name: 'rejects',
    does: 'rejects',
    body: "return Promise.reject(new Error('cmdb said no'));",
    reason: 'threw',
    says: /cmdb said no/,
  },
  {
    name: 'hangs',
    does: 'never ends',
    body: 'return new Promise(() => setInterval(() => undefined, 1000));',
    reason: 'timeout',
    says: /3 ?s|3000/,
    timeout: '3s',
  },
  {
    name: 'loops',
    does: 'loops for ever',
    body: 'for (;;);',
    reason: 'timeout',
    says: /3 ?s|3000/,
    timeout: '3s',
  },
  {
    name: 'allocates',
    does: 'allocates without end',
    body: 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length));',
    reason: 'memory',
    says: /512/,
  },
  {
    name: 'buffers',
    does: 'allocates buffers without end',
    body: 'const all = []; for (;;) all.push(Buffer.alloc(8_000_000, 1));',
    reason: 'memory',
    says: /512/,
  },
  { name: 'exits', does: 'calls process.exit', body: 'process.exit(0);', reason: 'exited', says: /exit/ },
  { name: 'null_answer', does: 'returns null', body: 'return null;', reason: 'invalid', says: /null/ },
  {
    name: 'string_answer',
    does: 'returns a string',
    body: "return '127.20.0.1:9100';",
    reason: 'invalid',
    says: /got the text/,
  },
  {
    name: 'scheme',
    does: 'returns a target with a scheme',
    body: "return [{ targets: ['http://127.20.0.1:9100'], labels: {} }];",
    reason: 'invalid',
    says: /http:\/\/127\.20\.0\.1:9100/,
  },
  {
    name: 'number_label',
    does: 'returns a number as label value',
    body: "return [{ targets: ['127.20.0.1:9100'], labels: { rack: 12 } }];",
    reason: 'invalid',
    says: /rack/,
  },
];

const good = `[{ targets: ['127.20.0.1:1'], labels: { from: 'before' } }]`;

/** A getter that is good at first, and bad once the file \`switch\` says so. */
function getterSource({ name, body }: BadGetter): string {
  return `export async function ${name}() {
  if (readFileSync(process.env.FLEET_INVENTORY + '.mood', 'utf8') === 'good') return ${good};
  ${body}
}`;
}

/** Written where no Prometheus looks: it need not scrape them. */
const huge = `export async function huge() {
  return Array.from({ length: 100_000 }, (_, i) => ({
    targets: ['127.' + (i >> 16) + '.' + ((i >> 8) & 255) + '.' + (i & 255) + ':9100'],
    labels: { name: 'host-' + i, env: 'prod' },
  }));
}`;

let fleet: Fleet;
let program: Program;

beforeAll(async () => {
  fleet = await startFleet();
  const source = ["import { readFileSync } from 'node:fs';", ...bad.map(getterSource), huge].join('\n');
  await writeFile(join(fleet.folder, 'targets', 'bad.ts'), source);
  const mood = join(fleet.folder, 'inventory.json.mood');
  await writeFile(mood, 'good');
  const usual = jobEntry(fleet.hosts, fleet.folder);
  const entry = ({ name, timeout = '60s' }: Pick<BadGetter, 'name' | 'timeout'>) => [
    name,
    { ...usual, dest_sd_file_name: `${name}.json`, getter_timeout: timeout },
  ];
  for (const { sshd } of fleet.hosts) await mkdir(hugeFolder(sshd.host), { recursive: true });
  const elsewhere = { type: 'ssh', dir: hugeFolder('{host}'), reload: 'none' };
  const hugeJob = { ...usual, dest_sd_file_name: 'huge.json', delivery: elsewhere };
  const jobs = { ...Object.fromEntries(bad.map(entry)), huge: hugeJob };
  await fleet.configure({ jobs });
  program = await fleet.run();
  await writeFile(mood, 'bad');
});

afterAll(() => fleet?.stop());

function hugeFolder(host: string): string {
  return join(fleet.folder, 'huge-of', host);
}

async function filesOf(job: string): Promise<readonly string[]> {
  return await Promise.all(fleet.hosts.map(({ sdDir }) => readFile(join(sdDir, `${job}.json`), 'utf8')));
}

describe.each(bad)('a getter that $does', ({ name, reason, says }) => {
  test('leaves the old file, and log, metric and API say why', async () => {
    const failure = await until(
      async () => (await program.jobs()).find(({ job }) => job === name)?.getter.failure,
      { within: 60_000, what: `the API shows the failure of ${name}` },
    );
    expect(failure).toMatchObject({ reason, message: expect.stringMatching(says) });
    expect((await filesOf(name)).join('')).toContain('"from":"before"');
    expect(await program.metrics()).toMatch(
      new RegExp(`prome_shard_getter_failures_total\\{job="${name}",reason="${reason}"\\} [1-9]`),
    );
    const line = program.child
      .stderr()
      .split('\n')
      .find((text) => text.includes(`job=${name} `) && text.includes('the old targets stay'));
    expect(line).toContain(`reason=${reason}`);
    expect(line).toMatch(says);
  });
});

test('100,000 groups arrive whole on the collectors', async () => {
  await until(
    async () => {
      const files = fleet.hosts.map(({ sshd }) => join(hugeFolder(sshd.host), 'huge.json'));
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      return texts.flatMap((text): unknown[] => JSON.parse(text)).length === 100_000;
    },
    { within: 60_000 },
  );
});

test('the good job beside them goes on: it has its targets and takes up new ones', async () => {
  await fleet.answer([{ targets: fleet.targets.addresses(), labels: { fresh: 'yes' } }]);
  await until(
    async () => {
      const texts = await Promise.all(
        fleet.hosts.map(({ sdDir }) => readFile(join(sdDir, fileName), 'utf8')),
      );
      return texts.filter((text) => text.includes('"fresh":"yes"')).length === 3;
    },
    { within: 30_000 },
  );
  const view = (await program.jobs()).find(({ job }) => job === jobName);
  expect(view?.getter.failure).toBeUndefined();
});

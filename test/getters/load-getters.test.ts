import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/model/problem.ts';
import { processTree } from '../helpers/process-tree.ts';
import { until } from '../helpers/until.ts';
import { type Files, getterProcesses, loadFolder, loadRig, type Rig } from './rig.ts';

const group = (label: string) => `[{ targets: ['a:1'], labels: { from: ${label} } }]`;

/** Where the answer of a job's getter says that it comes from. */
async function fromOf(rig: Rig, job: string): Promise<string> {
  const answer = await rig.run(job);
  return answer.ok ? `${answer.groups[0]?.labels['from']}` : `${answer.reason}: ${answer.message}`;
}

async function problemsOf(files: Files, jobs: readonly string[], loadTimeoutMs = 10_000): Promise<string[]> {
  const { problems, targetsDir } = await loadRig(files, jobs, { loadTimeoutMs });
  return problems.map((problem) => formatProblem(problem).replaceAll(targetsDir, 'targets'));
}

describe('a getter is found', () => {
  test('by its own name, as a member of a default object or class, in TypeScript and JavaScript', async () => {
    const files = {
      'named.ts': `export const named = (): object[] => ${group(`'named'`)};`,
      'object.js': `export default { from: 'object', in_object() { return ${group('this.from')}; } };`,
      'class.ts': `export default class Getters {
        private from = 'instance';
        static from = 'static';
        in_instance() { return ${group('this.from')}; }
        static in_static() { return ${group('this.from')}; }
      }`,
      'made.mjs': `class Getters { from = 'made'; in_made() { return ${group('this.from')}; } }\nexport default new Getters();`,
      'common.js': `exports.in_common = () => ${group(`'common'`)};`,
    };
    const jobs = ['named', 'in_object', 'in_instance', 'in_static', 'in_made', 'in_common'];
    const rig = await loadRig(files, jobs);
    expect(rig.problems).toEqual([]);
    const answers = await Promise.all(jobs.map((job) => fromOf(rig, job)));
    expect(answers).toEqual(['named', 'object', 'instance', 'static', 'made', 'common']);
    expect(rig.getters.places.get('in_static')).toEqual({
      file: join(rig.targetsDir, 'class.ts'),
      name: 'in_static',
      via: 'static',
    });
  });

  test('when its own name is one that every object has', async () => {
    const files = {
      'a.ts': `function own() { return ${group(`'own'`)}; }
        export { own as constructor, own as toString };
        export default { ['__proto__']: () => ${group(`'proto'`)} };`,
    };
    const rig = await loadRig(files, ['constructor', 'toString', '__proto__']);
    expect(await fromOf(rig, 'constructor')).toBe('own');
    expect(await fromOf(rig, 'toString')).toBe('own');
    expect(await fromOf(rig, '__proto__')).toBe('proto');
  });

  test('with what its file imports: other files, data, packages beside it, our package, Node, CommonJS that requires', async () => {
    const files = {
      'a.ts': `
        import { checkGroups, type TargetGroup } from 'prome-shard';
        import { load } from 'js-yaml';
        import { tool } from 'tool';
        import { where } from './lib/where.ts';
        import data from './data.json';
        import { readFileSync } from 'node:fs';
        const __dirname = 'own';
        export async function job(): Promise<TargetGroup[]> {
          const text = readFileSync(new URL('data.json', import.meta.url), 'utf8');
          const parts = [where, data.name, tool(), load('x: y').x, checkGroups(5).ok, JSON.parse(text).name, __dirname];
          return ${group(`parts.join(' ')`)};
        }`,
      'lib/where.ts': `export const where = 'lib';`,
      'data.json': '{"name":"data"}',
      'node_modules/tool/package.json': '{"name":"tool","main":"index.js"}',
      'node_modules/tool/index.js': `const { basename } = require('path'); exports.tool = () => basename('/x/tool') + basename(__filename);`,
    };
    const rig = await loadRig(files, ['job']);
    expect(rig.problems).toEqual([]);
    expect(await fromOf(rig, 'job')).toBe('lib data toola.ts y false data own');
  });

  test('in the state that its file had when it was loaded', async () => {
    const rig = await loadRig({ 'a.ts': `export const job = () => ${group(`'first'`)};` }, ['job']);
    await writeFile(join(rig.targetsDir, 'a.ts'), 'no longer TypeScript {');
    expect(await fromOf(rig, 'job')).toBe('first');
    expect((await loadFolder(rig.targetsDir, [])).problems).toHaveLength(1);
  });

  test('anew for each run: nothing of one run is there in the next', async () => {
    const rig = await loadRig(
      { 'a.ts': `let runs = 0; export const job = () => ${group('String(++runs)')};` },
      ['job'],
    );
    expect([await fromOf(rig, 'job'), await fromOf(rig, 'job')]).toEqual(['1', '1']);
  });
});

describe('a problem names the place and what to do', () => {
  test('for a syntax error and an import that is not there', async () => {
    const files = {
      'a.ts': 'export const a = 1;\nexport function b( {\n',
      'c.ts': `import { x } from './missing.ts';\nexport const c = x;`,
      'd.ts': `import x from 'no-such-package';\nexport const d = x;`,
    };
    expect(await problemsOf(files, [])).toEqual([
      'targets/a.ts:3:1: Expected identifier but found end of file',
      expect.stringMatching(/^targets\/c\.ts:1:19: Could not resolve "\.\/missing\.ts"/),
      expect.stringMatching(
        /^targets\/d\.ts:1:15: Could not resolve "no-such-package" \(packages are looked for next to targets\/\)/,
      ),
    ]);
  });

  test('for a file that throws while it loads, in its own line', async () => {
    const files = {
      'a.ts': `type Long = {\n  a: string;\n};\nthrow new Error('no environment');`,
      'b.ts': `import './lib/deep.ts';`,
      'lib/deep.ts': `\n\nnull.x;`,
      'c.ts': `await Promise.reject('text');`,
      'd.ts': `process.exit(4);`,
      'e.ts': `import { writeSync } from 'node:fs';\nwriteSync(3, 'E not json\\n');`,
      'f.ts': `import { writeSync } from 'node:fs';\nwriteSync(3, 'E[{}]\\n');`,
    };
    expect(await problemsOf(files, [])).toEqual([
      'targets/a.ts:4:7: cannot be loaded: it threw Error: no environment',
      expect.stringMatching(
        /^targets\/lib\/deep\.ts:3:\d+: cannot be loaded: it threw TypeError: Cannot read/,
      ),
      'targets/c.ts: cannot be loaded: it threw text (string, expected an Error)',
      expect.stringMatching(
        /^targets\/d\.ts: cannot be loaded: called process\.exit\(4\) at targets\/d\.ts:1:9/,
      ),
      'targets/e.ts: cannot be loaded: it writes to file descriptor 3, which is not its own',
      'targets/f.ts: cannot be loaded: it writes to file descriptor 3, which is not its own',
    ]);
  });

  test('for a file that never finishes loading, or loops', async () => {
    const files = {
      'a.ts': 'await new Promise(() => {});',
      'b.ts': 'for (;;);',
      'c.ts': 'export const c = () => [];',
    };
    expect(await problemsOf(files, ['c'], 1000)).toEqual([
      'targets/a.ts: not loaded within 1s: do the work in the getter, not while the file loads',
      'targets/b.ts: not loaded within 1s: do the work in the getter, not while the file loads',
    ]);
    expect(getterProcesses()).toEqual([]);
  });

  test('for a folder that is not there', async () => {
    const { problems, run } = await loadFolder('/nowhere/targets', ['job']);
    expect(problems.map(formatProblem)[0]).toContain(
      '/nowhere/targets: expected a folder with getters: ENOENT',
    );
    expect(problems.every(({ jobs }) => jobs.includes('job'))).toBe(true);
    expect(await run('job')).toMatchObject({ ok: false, reason: 'missing' });
  });

  test('for a getter that is there twice, in one file or in two', async () => {
    const twice = `export function a() {}\nexport default { a() {} };`;
    expect(await problemsOf({ 'x.ts': twice }, ['a'])).toEqual([
      'targets/x.ts: job "a" has 2 getters, keep one: targets/x.ts (named export) and targets/x.ts (member of the default object)',
    ]);
    const both = `export default class { a() {} static a() {} }`;
    expect(await problemsOf({ 'x.ts': both }, ['a'])).toEqual([
      'targets/x.ts: job "a" has 2 getters, keep one: targets/x.ts (static method of the default class) and targets/x.ts (method of the default class)',
    ]);
    expect(
      await problemsOf({ 'x.ts': 'export const a = () => [];', 'y.ts': 'export const a = () => [];' }, ['a']),
    ).toHaveLength(1);
  });

  test('for exports that cannot be getters', async () => {
    const files = { 'x.ts': `export const text = 'x';\nexport class Kind {}\nexport const nothing = null;` };
    expect(await problemsOf(files, ['text', 'Kind', 'nothing'])).toEqual([
      'targets/x.ts: job "text": expected the export of its name to be a function, it is a string',
      'targets/x.ts: job "Kind": expected the export of its name to be a function, it is a class',
      'targets/x.ts: job "nothing": expected the export of its name to be a function, it is null',
    ]);
  });

  test.each([
    'constructor',
    'toString',
    '__proto__',
    'valueOf',
    'hasOwnProperty',
    'default',
    'prototype',
    'name',
    'length',
  ])('for a job called %s, which finds nothing by accident', async (job) => {
    const source = 'export default class Getters { static ecs() {} }\nexport const ecs2 = () => [];';
    const { problems, run, getters } = await loadRig({ 'a.ts': source }, [job]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('has no getter')]);
    expect(getters.places.size).toBe(0);
    expect(await run(job)).toMatchObject({ ok: false, reason: 'missing' });
  });
});

describe('a broken file', () => {
  const files = {
    'broken.ts': 'throw new Error("broken")',
    'good.ts': `export const good = () => ${group(`'good'`)};`,
  };

  test('keeps no job from running whose getter is in another', async () => {
    const rig = await loadRig(files, ['good']);
    expect(rig.problems.map(({ jobs }) => jobs)).toEqual([[]]);
    expect(await fromOf(rig, 'good')).toBe('good');
  });

  test('is named to the job that finds no getter', async () => {
    const rig = await loadRig(files, ['good', 'bad']);
    expect(await fromOf(rig, 'good')).toBe('good');
    expect(await fromOf(rig, 'bad')).toMatch(
      /^missing: .*broken\.ts:1:7: cannot be loaded: it threw Error: broken; .*has no getter: .* \(1 file could not be loaded\)$/,
    );
  });
});

describe('many runs', () => {
  test('wait for their turn', async () => {
    const source = `export const job = async () => { await new Promise((r) => setTimeout(r, 300)); return []; };`;
    const rig = await loadRig({ 'a.ts': source }, ['job'], { concurrency: 2 });
    const runs = Promise.all(Array.from({ length: 6 }, () => rig.run('job')));
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, getterProcesses().length);
    }, 20);
    expect((await runs).every(({ ok }) => ok)).toBe(true);
    clearInterval(watch);
    expect(most).toBe(2);
  });

  test('leave no process behind, the bundler included', async () => {
    await loadRig({ 'a.ts': 'export const job = () => [];' }, ['job']);
    await until(() => processTree(process.pid).length === 1);
  });
});

// Runs benches: node bench/run.mjs [--cpu-prof] [question..]; each is bundled and run in a fresh Node process, one after the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './lib/bundle.mjs';

const benchDir = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(benchDir);
const outDir = path.join(root, '.cache', 'bench');
const ending = '.bench.ts';

const args = process.argv.slice(2);
const profile = args.includes('--cpu-prof');
const known = readdirSync(benchDir)
  .filter((name) => name.endsWith(ending))
  .map((name) => name.slice(0, -ending.length))
  .sort();
const asked = args.filter((arg) => !arg.startsWith('--'));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(1);
}

mkdirSync(outDir, { recursive: true });
const names = asked.length > 0 ? asked : known;
await bundle(
  names.map((name) => path.join(benchDir, `${name}${ending}`)),
  outDir,
);

let running;
let failed = false;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopped = true;
    running?.kill(signal);
  });
}
for (const name of names) {
  if (stopped) break;
  const flags = ['--enable-source-maps', '--expose-gc'];
  if (profile) flags.push('--cpu-prof', `--cpu-prof-dir=${outDir}`, `--cpu-prof-name=${name}.cpuprofile`);
  running = spawn(process.execPath, [...flags, path.join(outDir, `${name}.bench.mjs`)], {
    cwd: root,
    stdio: 'inherit',
  });
  const [status] = await once(running, 'exit');
  failed ||= status !== 0;
}
process.exitCode = failed || stopped ? 1 : 0;

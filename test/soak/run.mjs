// Bundles the soak and runs it in a Node process of its own: node test/soak/run.mjs [--minutes 20] [--seed N]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../bench/lib/bundle.mjs';

const soakDir = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(soakDir));
const outDir = path.join(root, '.cache', 'soak');
await bundle([path.join(soakDir, 'soak.ts')], outDir);
const running = spawn(
  process.execPath,
  ['--enable-source-maps', path.join(outDir, 'soak.mjs'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running.kill(signal));
const [status] = await once(running, 'exit');
process.exitCode = status ?? 1;

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../helpers/servers/cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

// What clears a screen, sets a title, and begins a line of its own.
const hostile = '\\u001b[2J\\u001b]0;title\\u0007\\nlevel=error';
let collector: Server;
let folder: string;

beforeAll(async () => {
  collector = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const address = collector.address();
  const port = typeof address === 'object' ? address?.port : 0;
  folder = await tempFolder('terminal');
  for (const dir of ['targets', 'sd']) await mkdir(join(folder, dir));
  const job = `{nodes: [127.0.0.1], port: ${port}, delivery: {type: local, dir: ./sd, reload: none}, dest_sd_file_name: sd.json}`;
  await writeFile(join(folder, 'config.yaml'), `consul: {embedded: true}\nshard_service: {odd: ${job}}\n`);
});

afterAll(() => void collector.close());

async function outputOf(getter: string, args: readonly string[]): Promise<string> {
  await writeFile(join(folder, 'targets', 'odd.js'), getter);
  const { code, stdout, stderr } = await runCli([...args, '--config.file', join(folder, 'config.yaml')]);
  expect(code).toBe(1);
  return stdout + stderr;
}

test.each([
  ['run --once', `export async function odd() { throw new Error("${hostile}"); }`, ['run', '--once']],
  ['check', `export async function odd() {}\nthrow new Error("${hostile}");`, ['check']],
])('%s shows what a getter threw, and lets none of it act on the terminal', async (_name, getter, args) => {
  const output = await outputOf(getter, args);
  expect(output).toContain('\\u001b[2J\\u001b]0;title\\u0007\\nlevel=error');
  expect(output.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(output).not.toMatch(/^level=error$/m);
});

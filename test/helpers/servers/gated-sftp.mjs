// sftp-server with gates: node gated-sftp.mjs <sftp-server> <folder>. While <folder>/stop names a step, the session is held right before
// it and <folder>/at names it too; once `stop` is gone it goes on. A client that leaves meanwhile never took
// the step, and `at` is gone.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const [, , program, folder] = process.argv;
const server = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
server.on('exit', () => process.exit());
const writing = 2;
const renames = new Set();
let clientLeft = false;

function stepOf(packet) {
  const type = packet[4];
  if (type === 3 && (packet.readUInt32BE(13 + packet.readUInt32BE(9)) & writing) !== 0) return 'open';
  if (type === 6) return 'write';
  if (type !== 200) return undefined;
  const name = packet.toString('latin1', 13, 13 + packet.readUInt32BE(9));
  if (name.startsWith('fsync@')) return 'sync';
  return name.startsWith('posix-rename@') ? 'rename' : undefined;
}

function isStopped(step) {
  try {
    return readFileSync(join(folder, 'stop'), 'utf8') === step;
  } catch {
    return false;
  }
}

async function pass(step) {
  if (step === undefined || !isStopped(step)) return;
  writeFileSync(join(folder, 'at'), step);
  process.once('exit', () => rmSync(join(folder, 'at'), { force: true }));
  while (isStopped(step) && !clientLeft) await wait(10);
  if (clientLeft) process.exit();
}

/** Hands each packet of the stream to `take`, one after the other. */
function eachPacket(stream, take, ended) {
  let bytes = Buffer.alloc(0);
  let last = Promise.resolve();
  stream.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const packet = bytes.subarray(0, 4 + bytes.readUInt32BE(0));
      bytes = bytes.subarray(packet.length);
      last = last.then(() => take(packet));
    }
  });
  stream.on('end', () => {
    ended();
    last.then(() => server.stdin.end());
  });
}

eachPacket(
  process.stdin,
  async (packet) => {
    const step = stepOf(packet);
    await pass(step);
    if (step === 'rename') renames.add(packet.readUInt32BE(5));
    server.stdin.write(packet);
  },
  () => {
    clientLeft = true;
  },
);
eachPacket(
  server.stdout,
  async (packet) => {
    if (packet[4] === 101 && renames.delete(packet.readUInt32BE(5))) await pass('renamed');
    process.stdout.write(packet);
  },
  () => undefined,
);

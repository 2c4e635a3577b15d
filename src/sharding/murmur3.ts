const encoder = new TextEncoder();

/** MurmurHash3 x86 32-bit of the text's UTF-8 bytes, unsigned. A lone surrogate counts as U+FFFD, as TextEncoder has it. */
export function murmur3(text: string, seed: number): number {
  const hash = hashAscii(text, seed);
  return hash < 0 ? hashBytes(encoder.encode(text), seed) : hash;
}

/** Reads the string where it lies: no bytes are allocated. -1 at the first character that is not ASCII. */
function hashAscii(text: string, seed: number): number {
  const { length } = text;
  const blocksEnd = length & ~3;
  let hash = seed;
  for (let at = 0; at < blocksEnd; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 127) return -1;
    hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let at = length - 1; at >= blocksEnd; at--) {
    const unit = text.charCodeAt(at);
    if (unit > 127) return -1;
    tail = (tail << 8) | unit;
  }
  return finish(hash ^ scramble(tail), length);
}

function hashBytes(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  const blocksEnd = length & ~3;
  let hash = seed;
  for (let at = 0; at < blocksEnd; at += 4) hash = mixBlock(hash, view.getInt32(at, true));
  let tail = 0;
  for (let at = length - 1; at >= blocksEnd; at--) tail = (tail << 8) | view.getUint8(at);
  return finish(hash ^ scramble(tail), length);
}

function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

function finish(hash: number, length: number): number {
  let mixed = hash ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

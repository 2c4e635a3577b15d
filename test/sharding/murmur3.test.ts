import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3 } from '../../src/sharding/murmur3.ts';

/** The algorithm once more, over bytes, in BigInt: slow and plain, to compare with. */
function slowMurmur3(bytes: Uint8Array, seed: number): number {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  const rotate = (value: bigint, by: bigint): bigint => word((value << by) | (value >> (32n - by)));
  const scramble = (block: bigint): bigint => word(rotate(word(block * 0xcc9e2d51n), 15n) * 0x1b873593n);
  const little = (part: Uint8Array): bigint =>
    part.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let hash = BigInt(seed);
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    hash = word(rotate(hash ^ scramble(little(bytes.subarray(at, at + 4))), 13n) * 5n + 0xe6546b64n);
  }
  hash ^= scramble(little(bytes.subarray(at))) ^ BigInt(bytes.length);
  hash = word((hash ^ (hash >> 16n)) * 0x85ebca6bn);
  hash = word((hash ^ (hash >> 13n)) * 0xc2b2ae35n);
  return Number(hash ^ (hash >> 16n));
}

describe('murmur3', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['\0\0\0\0', 0, 0x2362f9de],
    ['\0\0\0', 0, 0x85f0b427],
    ['\0\0', 0, 0x30f4c306],
    ['\0', 0, 0x514e28b7],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['abcd', 0x9747b28c, 0xf0478627],
    ['abc', 0x9747b28c, 0xc84a62dd],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ])('knows the published hash of %j with seed %i', (text, seed, hash) => {
    expect(murmur3(text, seed)).toBe(hash);
  });

  it('hashes the UTF-8 bytes of any text, lone surrogates as TextEncoder has them', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
            fc.constant('\ud800'),
            fc.constant('x'),
          ),
        }),
        fc.nat(0xffffffff),
        (text, seed) => murmur3(text, seed) === slowMurmur3(new TextEncoder().encode(text), seed),
      ),
    );
  });

  it('hashes ASCII text of every length as its bytes', () => {
    for (let length = 0; length < 70; length++) {
      const text = String.fromCharCode(...Array.from({ length }, (_, index) => (index * 37 + length) % 128));
      expect(murmur3(text, 32)).toBe(slowMurmur3(new TextEncoder().encode(text), 32));
    }
  });

  it('gives a lone surrogate the hash of the replacement character', () => {
    expect(murmur3('a\ud800b', 32)).toBe(murmur3('a\ufffdb', 32));
    expect(murmur3('\u{1f600}', 32)).not.toBe(murmur3('\ufffd\ufffd', 32));
  });
});

import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineSplitter } from '../../src/getters/line-splitter.ts';
import { forwardLines } from '../../src/getters/output-lines.ts';
import { readReports } from '../../src/getters/read-reports.ts';
import { rssOf } from '../../src/getters/resident-memory.ts';
import { until } from '../helpers/until.ts';

/** A buffer in pieces that end at the given places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe('lines', () => {
  test('come whole, however the bytes are cut', () => {
    const text = fc.array(fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', '').normalize()));
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (lines, cuts) => {
        const seen: string[] = [];
        const split = createLineSplitter((line) => seen.push(line.toString('utf8')));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        for (const piece of pieces(bytes, cuts)) split(piece);
        expect(seen).toEqual(bytes.toString('utf8').split('\n').slice(0, -1));
      }),
    );
  });
});

describe('the output of a child', () => {
  async function forwarded(chunks: readonly string[]): Promise<{ lines: string[]; cuts: number }> {
    const stream = new PassThrough();
    const lines: string[] = [];
    let cuts = 0;
    forwardLines(
      stream,
      { lineLength: 10, lines: 3 },
      (line) => lines.push(line),
      () => cuts++,
    );
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    await until(() => stream.readableEnded);
    return { lines, cuts };
  }

  test.each([
    ['comes line by line', ['a\nb', 'c\n'], ['a', 'bc'], 0],
    ['comes without empty lines', ['a\n\n \nb\n'], ['a', 'b'], 0],
    ['comes with a last line that has no line feed', ['a\nb'], ['a', 'b'], 0],
    ['comes cut where a line is long', ['x'.repeat(30), `${'x'.repeat(30)}\ny\n`], ['x'.repeat(10), 'y'], 0],
    ['ends after so many lines', ['1\n2\n3\n4\n5\n', '6\n'], ['1', '2', '3'], 1],
    ['is whole when it has just as many lines', ['1\n2\n3\n'], ['1', '2', '3'], 0],
  ])('%s', async (_name, chunks, lines, cuts) => {
    expect(await forwarded(chunks)).toEqual({ lines, cuts });
  });
});

test('output past the limit is read on, with rests', async () => {
  let bytes = 0;
  const flood = new Readable({
    read(size) {
      bytes += size;
      this.push('x\n'.repeat(size / 2));
    },
  });
  const ignore = () => undefined;
  forwardLines(flood, { lineLength: 10, lines: 3 }, ignore, ignore);
  for (let rests = 0; rests < 3; rests++) {
    await until(() => flood.isPaused(), { what: 'a rest' });
    const before = bytes;
    await until(() => bytes > before, { what: 'reading on' });
  }
  flood.destroy();
});

describe('the reports of a child', () => {
  test('are read: the first last word counts, lines that are none are passed over', async () => {
    const pipe = new PassThrough();
    const logs: unknown[] = [];
    const reports = readReports(pipe, 1000, (log) => logs.push(log));
    pipe.write('nonsense\n\nL{"level":"info","message":"m","fields":{"a":1}}\nL{"level":"fatal"}\nLbroken\n');
    pipe.write('X{"code":3,"stack":"s"}\nA[1]\nA[2]\nT{}\n');
    expect(await reports.last).toEqual({ type: 'reported', kind: 'answer', json: '[1]' });
    expect(logs).toEqual([{ level: 'info', message: 'm', fields: { a: 1 } }]);
    expect(reports.exit()).toEqual({ code: 3, stack: 's' });
  });

  test('are given up when they are longer than they may be', async () => {
    const pipe = new PassThrough();
    const reports = readReports(pipe, 1000, () => undefined);
    pipe.write(`A[${'1,'.repeat(600)}`);
    expect(await reports.last).toEqual({ type: 'oversize', limitBytes: 1000 });
  });
});

test('the memory of a process is read from its status', () => {
  expect(rssOf('Name:\tnode\nVmHWM:\t  50 kB\nVmRSS:\t   45056 kB\nRssAnon: 1 kB\n')).toBe(46_137_344);
  expect(rssOf('Name:\tzombie\n')).toBeUndefined();
});

import { writeSync } from 'node:fs';
import { type ReportKind, reportFd, reportKinds } from '../wire.ts';

const chunkBytes = 1 << 20;

/** Writes one report, whole before it returns. The pipe is a blocking one: a slow reader slows the writer, nothing is lost. */
export function report(kind: ReportKind, json: string): void {
  writeText(reportKinds[kind]);
  writeText(json);
  writeText('\n');
}

function writeText(text: string): void {
  const encoder = new TextEncoder();
  const chunk = new Uint8Array(Math.min(chunkBytes, text.length * 3));
  let rest = text;
  while (rest.length > 0) {
    const { read, written } = encoder.encodeInto(rest.slice(0, chunkBytes), chunk);
    writeWhole(chunk.subarray(0, written));
    rest = rest.slice(read);
  }
}

function writeWhole(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(reportFd, bytes, at);
}

import type { Readable } from 'node:stream';
import type { ChildOutcome, Reported } from './child-outcome.ts';
import { createLineSplitter } from './line-splitter.ts';
import { parsedJson } from './parsed-json.ts';
import { type ExitReport, type LogReport, type ReportKind, reportKinds } from './wire.ts';

export interface Reports {
  /** Resolves with the child's last word, or when it says more than it may; never when it says none. */
  readonly last: Promise<ChildOutcome>;
  /** What the child said of its own end. */
  exit(): ExitReport | undefined;
}

const kinds = new Map<number, ReportKind>();
for (const kind of ['log', 'exit', 'answer', 'exports', 'threw', 'unfit', 'late'] as const) {
  kinds.set(reportKinds[kind].charCodeAt(0), kind);
}

/** Reads a child's reports. Lines that are none, which a getter may have written by mistake, are passed over. */
export function readReports(pipe: Readable, limitBytes: number, onLog: (log: LogReport) => void): Reports {
  let exit: ExitReport | undefined;
  const last = new Promise<ChildOutcome>((resolve) => {
    let bytes = 0;
    const split = createLineSplitter((line) => {
      const kind = kinds.get(line[0] ?? 0);
      const json = line.toString('utf8', 1);
      if (kind === 'log') parseLog(json, onLog);
      else if (kind === 'exit') exit = parseExit(json);
      else if (kind !== undefined) resolve({ type: 'reported', kind, json } satisfies Reported);
    });
    pipe.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) split(chunk);
      else resolve({ type: 'oversize', limitBytes });
    });
  });
  return { last, exit: () => exit };
}

function parseLog(json: string, onLog: (log: LogReport) => void): void {
  const { level, message, fields } = fieldsOf(json);
  if (level !== 'debug' && level !== 'info' && level !== 'warn' && level !== 'error') return;
  onLog({ level, message: String(message), fields: isFields(fields) ? fields : {} });
}

function parseExit(json: string): ExitReport {
  const { code, stack } = fieldsOf(json);
  return { code: Number(code), stack: String(stack) };
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a report that should be an object; none where it is not. */
export function fieldsOf(json: string): Fields {
  const value = parsedJson(json);
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

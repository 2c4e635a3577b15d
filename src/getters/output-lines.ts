import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface OutputLimits {
  /** Characters of a line that are shown. */
  readonly lineLength: number;
  readonly lines: number;
}

/** How long a stream that says too much is left alone between two reads, so that it cannot keep this process busy. */
const pauseMs = 5;

/**
 * Hands on what a child writes, line by line. Past the limits the rest is read slowly and thrown away, for a writer
 * that nobody reads would hang; `onCut` is told once.
 */
export function forwardLines(
  stream: Readable,
  limits: OutputLimits,
  onLine: (line: string) => void,
  onCut: () => void,
): void {
  const take = createCutter(limits, onLine);
  const decoder = new StringDecoder('utf8');
  let cut = false;
  stream.on('data', (chunk: Buffer) => {
    if (cut) return rest(stream);
    cut = !take(decoder.write(chunk));
    if (cut) onCut();
  });
  stream.on('end', () => {
    if (!cut) take('\n');
  });
}

function rest(stream: Readable): void {
  stream.pause();
  setTimeout(() => stream.resume(), pauseMs).unref();
}

/** Takes text as it comes and gives whole lines, empty ones aside; false once there were too many. */
function createCutter(
  { lineLength, lines }: OutputLimits,
  onLine: (line: string) => void,
): (text: string) => boolean {
  let open = '';
  let given = 0;
  return (text) => {
    const parts = `${open}${text}`.split('\n');
    open = (parts.pop() ?? '').slice(0, lineLength);
    for (const line of parts.filter((part) => part.trim() !== '')) {
      if (given === lines) return false;
      given += 1;
      onLine(line.slice(0, lineLength));
    }
    return true;
  };
}

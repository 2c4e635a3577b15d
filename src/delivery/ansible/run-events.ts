import { z } from 'zod';

const runEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('failed'), task: z.string(), msg: z.string() }),
  z.object({ event: z.literal('unreachable'), task: z.string(), msg: z.string() }),
  z.object({ event: z.literal('content'), task: z.string(), content: z.string() }),
  z.object({ event: z.literal('end'), hosts: z.number() }),
]);

/** One line of what ansible/plugins/prome_shard_result.py writes: `content` is base64, `hosts` counts. */
export type RunEvent = z.infer<typeof runEvent>;

/** The lines that a run wrote; a last line that was cut off with the run is left out. */
export function parseRunEvents(text: string): readonly RunEvent[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => runEvent.parse(JSON.parse(line)));
}

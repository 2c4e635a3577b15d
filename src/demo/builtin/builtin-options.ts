import { z } from 'zod';

const schema = z.strictObject({
  /** How it names itself to targets. */
  name: z.string().min(1),
  port: z.int().min(0).max(65_535),
  /** Its file_sd file. */
  file: z.string().min(1),
  intervalMs: z.int().min(1),
});

/** What a small collector is told on its command line. */
export type BuiltinOptions = z.output<typeof schema>;

/** Reads the one argument of the collector's process. */
export function parseBuiltinOptions(text: string): BuiltinOptions {
  return schema.parse(JSON.parse(text));
}

import { z } from 'zod';

const schema = z.strictObject({ type: z.enum(['started', 'ended']), pid: z.int().min(2) });

/** What the demo tells its warden: a process began, or has ended. */
export type WardenMessage = z.output<typeof schema>;

export function parseWardenMessage(message: unknown): WardenMessage {
  return schema.parse(message);
}

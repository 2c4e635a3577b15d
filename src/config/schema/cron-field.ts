import { validate } from 'node-cron';
import { z } from 'zod';

const expected =
  'five or six cron fields such as "*/10 * * * * *" (every 10 seconds) or "*/5 * * * *" (every 5 minutes)';

/** A cron expression that node-cron can run. */
export const cronField = z.string(expected).refine(validate, expected);

import type { HealthCheck } from '../model/job.ts';

/** How long a check may take to have run once: its interval, its time limit, and one second to hear of it. */
export function checkWindowMs({ intervalMs, timeoutMs }: HealthCheck): number {
  return Math.max(intervalMs, 1000) + timeoutMs + 1000;
}

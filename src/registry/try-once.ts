import type { TryOnce } from './pool-prober.ts';
import { tryCheck } from './try-check.ts';

/** The check as it is made from this process. */
export const tryOnce: TryOnce = async (check, { host, port }, signal) => {
  const { state } = await tryCheck(check, host, port, signal);
  return state === 'passing';
};

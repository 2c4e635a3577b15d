import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../model/errors.ts';
import { type ActiveTarget, readActiveTarget } from './active-target.ts';
import { JsonWalk } from './json-walk.ts';

/** Characters that are read before others have their turn: some 10 ms. */
const charactersAtOnce = 1024 * 1024;

/**
 * Hands each active target of an answer of /api/v1/targets to `visit`. The event loop goes on meanwhile, however long the
 * answer is. Resolves with what is wrong with the answer, or undefined.
 */
export async function readTargets(
  body: string,
  visit: (target: ActiveTarget) => void,
): Promise<string | undefined> {
  const walk = new JsonWalk(body);
  try {
    if (!walk.seek('data') || !walk.seek('activeTargets')) return 'expected a list under data.activeTargets';
    await visitItems(walk, visit);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return messageOf(error);
    throw error;
  }
}

async function visitItems(walk: JsonWalk, visit: (target: ActiveTarget) => void): Promise<void> {
  let pauseAt = walk.at + charactersAtOnce;
  for (const _ of walk.items()) {
    const target = readActiveTarget(walk.value());
    if (typeof target === 'string') throw new SyntaxError(target);
    visit(target);
    if (walk.at < pauseAt) continue;
    await nextTurn();
    pauseAt = walk.at + charactersAtOnce;
  }
}

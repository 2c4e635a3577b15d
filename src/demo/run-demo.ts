import { Cleanup } from './cleanup.ts';
import type { DemoOptions } from './demo-options.ts';
import { play } from './play.ts';
import { startWorld } from './start-world.ts';

/** Runs the whole demo until it is told to quit or `stopping` aborts; leaves nothing behind, however it ends. */
export async function runDemo(options: DemoOptions, stopping: AbortController): Promise<void> {
  const { display, input } = options;
  const cleanup = new Cleanup();
  try {
    const world = await startWorld(options, cleanup, stopping.signal);
    display.note(input.hint);
    await play(world, options, stopping);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    display.end();
    await cleanup.run();
  }
  display.note('ended: nothing of the demo runs any more');
}

import type { DemoOptions } from './demo-options.ts';
import { CommandQueue } from './input/command-queue.ts';
import { scale } from './scale.ts';
import type { World } from './start-world.ts';
import type { TimedEvent } from './story/demo-event.ts';
import { isSettled } from './story/settled.ts';
import type { Snapshot } from './story/snapshot.ts';
import { Storyteller } from './story/storyteller.ts';
import { takeSnapshot } from './story/take-snapshot.ts';

/** Shows what happens and does what it is told, until it is told to quit or `stopping` aborts. */
export async function play(world: World, options: DemoOptions, stopping: AbortController): Promise<void> {
  const { clock, display, input } = options;
  const { collectors, collectorKind, deaths, sights } = world;
  const events: TimedEvent[] = [];
  const look = () => lookAt(world, clock.now());
  const story = new Storyteller(look(), {
    disturbed: () => world.ledger.restartGaps(),
    told(event) {
      events.push(event);
      display.told(event);
    },
  });
  const refresh = () => {
    for (const { collector, how } of deaths.splice(0)) {
      story.happened({ type: 'died', collector: collectors.indexOf(collector) + 1, how }, clock.now());
    }
    const snapshot = look();
    story.saw(snapshot);
    display.show({ collectorKind, snapshot, events, sights });
  };
  const queue = new CommandQueue({
    settled: () => isSettled(look()),
    quit: () => stopping.abort(),
    async toggle(number) {
      const collector = collectors[number - 1];
      if (collector === undefined) return;
      const { running } = collector;
      story.happened({ type: running ? 'killed' : 'started', collector: number }, clock.now());
      if (running) await collector.kill();
      else collector.start();
      refresh();
    },
  });
  if (input.waitsFirst) queue.add({ type: 'wait' });
  const leave = input.listen({
    told: (command) => queue.add(command),
    unknown: (line) => display.note(`no command: ${line}; ${input.hint}`),
  });
  try {
    while (!stopping.signal.aborted) {
      refresh();
      await queue.advance();
      await clock.sleep(scale.refreshMs, stopping.signal);
    }
  } finally {
    leave();
  }
}

function lookAt({ controller, collectors, ledger, addresses }: World, atMs: number): Snapshot {
  const job = controller.job();
  if (job === undefined) throw new Error('expected the controller to run the job of the demo, found none');
  const owners = new Map<string, string>();
  for (const address of addresses) {
    const [owner] = controller.owners(address);
    if (owner !== undefined) owners.set(address, owner);
  }
  return takeSnapshot({
    atMs,
    processes: collectors,
    job,
    owners,
    scrapedBy: (target) => ledger.since(target, atMs - scale.windowMs),
    targets: addresses,
    longestGapMs: ledger.longestGapMs(),
  });
}

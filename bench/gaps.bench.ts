import { moveEvents, startMoveEstate } from '../test/e2e/fleet/move-events.ts';
import { type KillFigures, killAndReturn } from './gaps/kill.ts';
import { type EventFigures, printGaps, printKills } from './gaps/report.ts';

/** The handoff by default, and none at all. */
const modes = ['verified', 'none'] as const;

async function measure(
  mode: (typeof modes)[number],
): Promise<{ events: EventFigures[]; kills: KillFigures[] }> {
  const estate = await startMoveEstate({ handoff: { mode } });
  try {
    const events: EventFigures[] = [];
    for (const { event, members, act } of moveEvents) {
      const figures = await estate.mover.observe(estate.hosts(members), () => act(estate));
      events.push({ event, ...figures });
    }
    const members = estate.hosts([0, 1, 2]);
    const kills: KillFigures[] = [];
    for (const victim of members) kills.push(await killAndReturn(estate, members, victim));
    return { events, kills };
  } finally {
    await estate.stop();
  }
}

// The servers end with this process, but only if it gets to its exit hooks; a second signal must not keep it from them.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

for (const mode of modes) {
  const { events, kills } = await measure(mode);
  printGaps(`handoff.mode: ${mode}; 3 to 4 collectors, 300 targets, scraped every second`, events);
  printKills(`handoff.mode: ${mode}; a collector is killed, its Prometheus and its sshd`, kills);
}

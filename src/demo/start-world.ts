import type { Cleanup } from './cleanup.ts';
import { chooseCollectors } from './collectors/choose-collectors.ts';
import type { CollectorProcess } from './collectors/collector-process.ts';
import { kindText, targetsUrl } from './collectors/kind.ts';
import type { DemoController, DemoOptions } from './demo-options.ts';
import { makeFolder, removeFolder, writeFiles } from './files/folder.ts';
import { freePortsFrom } from './ports.ts';
import { scale, usualPorts } from './scale.ts';
import { type Sight, sightsOf } from './screen/sights.ts';
import { ScrapeLedger } from './targets/scrape-ledger.ts';
import { startInventory } from './targets/start-inventory.ts';
import { startTargets } from './targets/start-targets.ts';
import { startWarden } from './warden/start-warden.ts';

/** A collector that ended without being told to. */
export interface Death {
  readonly collector: CollectorProcess;
  readonly how: string;
}

/** Everything that runs in one demo. */
export interface World {
  /** `host:port` of every target. */
  readonly addresses: readonly string[];
  readonly ledger: ScrapeLedger;
  readonly collectors: readonly CollectorProcess[];
  readonly collectorKind: string;
  /** Those not told yet, taken out by who tells them. */
  readonly deaths: Death[];
  readonly controller: DemoController;
  readonly sights: readonly Sight[];
}

/** Starts targets, inventory, collectors and controller; what is to be undone goes to `cleanup` at once. */
export async function startWorld(
  options: DemoOptions,
  cleanup: Cleanup,
  signal: AbortSignal,
): Promise<World> {
  const { clock, display } = options;
  const { folder, guard } = await makeGround(options, cleanup);
  const { machines, ledger, inventory } = await startMachines(options, cleanup);
  display.note(`${machines.length} targets and an inventory listen on this machine`);
  const [webPort = 0] = await freePortsFrom(usualPorts.web, 1);
  const ports = await freePortsFrom(usualPorts.collectors, scale.collectors);
  await writeFiles(folder, { webPort, collectorPorts: ports, inventoryUrl: inventory.url });
  const deaths: Death[] = [];
  const ended = (collector: CollectorProcess, how: string) => void deaths.push({ collector, how });
  const { collectors, kind } = await chooseCollectors(
    { ...options, note: display.note },
    { ports, folder, intervalMs: scale.scrapeIntervalMs, guard, clock, ended },
    signal,
  );
  cleanup.add(() => Promise.all(collectors.map((collector) => collector.kill())));
  display.note(`${collectors.length} collectors are ready: ${kindText(kind)}`);
  signal.throwIfAborted();
  const controller = await options.startController(folder);
  cleanup.add(() => controller.stop());
  const collectorUrl = targetsUrl(kind, ports[0] ?? 0);
  return {
    addresses: machines.map(({ address }) => address),
    ledger,
    collectors,
    collectorKind: kindText(kind),
    deaths,
    controller,
    sights: sightsOf({ webPort: controller.port, collectorUrl, target: machines[0]?.address ?? '', folder }),
  };
}

async function makeGround({ keep, display }: DemoOptions, cleanup: Cleanup) {
  const folder = await makeFolder();
  const guard = startWarden(keep ? '' : folder.path);
  cleanup.add(() => guard.dismiss());
  if (keep) cleanup.add(() => display.note(`kept: ${folder.path}`));
  else cleanup.add(() => removeFolder(folder.path));
  return { folder, guard };
}

async function startMachines({ clock }: DemoOptions, cleanup: Cleanup) {
  const ledger = new ScrapeLedger();
  const targets = await startTargets({ count: scale.targets, firstPort: usualPorts.targets, ledger, clock });
  cleanup.add(() => targets.stop());
  const inventory = await startInventory(targets.machines, usualPorts.inventory);
  cleanup.add(() => inventory.stop());
  return { machines: targets.machines, ledger, inventory };
}

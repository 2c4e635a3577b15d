import type { Engine } from './app/engine.ts';
import { createEngine } from './app/engine.ts';
import { type Identity, identityOf } from './app/identity.ts';
import type { Ready } from './app/load.ts';
import { Reloader, warnOf } from './app/reloader.ts';
import type { Controller } from './controller/controller.ts';
import type { Problem } from './model/problem.ts';
import type { Logger } from './runtime/logger.ts';
import { createMetrics, type MetricsRegistry } from './runtime/metrics.ts';
import { createWebApp } from './web/app.ts';
import { startWebServer } from './web/server.ts';
import type { WebSource } from './web/source.ts';

export interface AppOptions {
  readonly loaded: Ready;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  readonly log: Logger;
  /** Instead of the config's own. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly enableLifecycle?: boolean;
}

/** The whole controller, running. */
export interface App {
  readonly port: number;
  readonly controller: Controller;
  reload(): Promise<readonly Problem[]>;
  /** Ends everything in order: no write is left half done and no handle open. */
  stop(): Promise<void>;
}

/** Listens first, so that an address in use is an error before anything was touched; then registers, watches, gets. */
export async function startApp(options: AppOptions): Promise<App> {
  const { log, loaded, version, env } = options;
  const stopping = new AbortController();
  const metrics = createMetrics(version);
  const { host, port } = options.listen ?? loaded.settings.http;
  // Asked only after the server listens.
  const identity = () => identityOf({ host, port: server.port });
  const engine = createEngine({ ...loaded, log, metrics, identity, mode: 'loop' });
  const apply = ({ settings, getters }: Ready) => engine.reconfigure(settings.jobs, getters);
  const reloader = new Reloader(loaded.settings, { env, log, metrics, signal: stopping.signal, apply });
  const reload = () => reloader.reload();
  const web = createWebApp({
    source: sourceOf(engine, identity, metrics, version),
    actions: {
      reload,
      sync: (job) => engine.controller.sync(job),
      accept: (job) => engine.controller.accept(job),
    },
    lifecycleEnabled: () => options.enableLifecycle ?? reloader.settings.http.enableLifecycle,
    log,
  });
  const server = await startWebServer(web, host, port);
  log.info(
    { version, port: server.port, jobs: loaded.settings.jobs.length, config: loaded.settings.file },
    'started',
  );
  warnOf(loaded, log);
  engine.start();
  return {
    port: server.port,
    controller: engine.controller,
    reload,
    async stop() {
      stopping.abort(new Error('the program stops'));
      await engine.stop();
      await server.stop();
      log.info('stopped');
    },
  };
}

function sourceOf(
  { controller, leadership }: Engine,
  identity: () => Identity,
  metrics: MetricsRegistry,
  version: string,
): WebSource {
  return {
    version,
    controller: () => ({ name: identity().controller, ...leadership.view() }),
    waitingFor: () => controller.waitingFor(),
    jobs: () => controller.jobs(),
    targets: (address) => controller.targets(address),
    async metrics() {
      controller.refreshMetrics();
      return { contentType: metrics.contentType, text: await metrics.metrics() };
    },
  };
}

import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { standbyText } from '../model/controller-view.ts';
import type { Acceptance } from '../model/job-view.ts';
import { formatProblem } from '../model/problem.ts';
import { failure, quoted, success } from './answers.ts';
import type { WebActions, WebSource } from './source.ts';

export interface ManagementOptions {
  readonly source: WebSource;
  readonly actions: WebActions;
  readonly lifecycleEnabled: () => boolean;
}

/** Prometheus' management endpoints, and `/metrics`. */
export function managementRoutes({ source, actions, lifecycleEnabled }: ManagementOptions): Hono {
  const routes = new Hono();
  const lifecycle = requireLifecycle(lifecycleEnabled);
  const lead = requireLead(source);
  routes.get('/-/healthy', (context) => context.text('prome-shard is healthy.\n'));
  routes.get('/-/ready', (context) => readiness(context, source.waitingFor()));
  routes.get('/metrics', async (context) => {
    const { contentType, text } = await source.metrics();
    return context.body(text, 200, { 'Content-Type': contentType });
  });
  routes.on(['POST', 'PUT'], '/-/reload', lifecycle, async (context) =>
    reloaded(context, await actions.reload()),
  );
  routes.post('/api/v1/jobs/:job/sync', lifecycle, lead, (context) => {
    const job = context.req.param('job') ?? '';
    return actions.sync(job)
      ? success(context, { job })
      : failure(context, 'not_found', `no job ${quoted(job)}`);
  });
  routes.post('/api/v1/jobs/:job/accept', lifecycle, lead, (context) => {
    const job = context.req.param('job') ?? '';
    return accepted(context, job, actions.accept(job));
  });
  return routes;
}

function accepted(context: Context, job: string, acceptance: Acceptance): Response {
  switch (acceptance.result) {
    case 'accepted':
      return success(context, { job, kept: acceptance.kept, came: acceptance.came });
    case 'nothing held':
      return failure(context, 'conflict', `the guard holds nothing of job ${quoted(job)}`);
    case 'no such job':
      return failure(context, 'not_found', `no job ${quoted(job)}`);
  }
}

function readiness(context: Context, waiting: readonly string[]): Response {
  if (waiting.length === 0) return context.text('prome-shard is ready.\n');
  return context.text(`prome-shard is not ready: no first run yet of ${waiting.join(', ')}\n`, 503);
}

function reloaded(context: Context, problems: Awaited<ReturnType<WebActions['reload']>>): Response {
  if (problems.length === 0) return context.text('reloaded\n');
  return context.text(
    `refused, the old configuration stays in force:\n${problems.map(formatProblem).join('\n')}\n`,
    500,
  );
}

function requireLifecycle(enabled: () => boolean): MiddlewareHandler {
  return async (context, next) => {
    if (enabled()) return next();
    return failure(
      context,
      'forbidden',
      'Lifecycle API is not enabled: start with --web.enable-lifecycle, or set http.enable_lifecycle: true',
    );
  };
}

/** What a standby did would reach no collector, and the leader would know nothing of it. */
function requireLead(source: WebSource): MiddlewareHandler {
  return async (context, next) => {
    const view = source.controller();
    if (view.leads) return next();
    return failure(context, 'unavailable', `this controller stands by: ${standbyText(view)}`);
  };
}

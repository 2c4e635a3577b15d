import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { messageOf } from '../model/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { failure, quoted } from './answers.ts';
import { apiRoutes } from './api.ts';
import { landingPage } from './landing.ts';
import { managementRoutes } from './management.ts';
import type { WebActions, WebSource } from './source.ts';

export interface WebOptions {
  readonly source: WebSource;
  readonly actions: WebActions;
  /** Whether what changes things is allowed now: a reload may change it. */
  readonly lifecycleEnabled: () => boolean;
  readonly log: Logger;
}

/** Everything under one address: landing page, management endpoints, metrics, API. */
export function createWebApp({ source, actions, lifecycleEnabled, log }: WebOptions): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: wrongMethod }));
  app.use(refuseForeignPages());
  app.get('/', (context) => context.html(landingPage(source.version, source.controller())));
  app.route('/', managementRoutes({ source, actions, lifecycleEnabled }));
  app.route('/api/v1', apiRoutes(source));
  app.notFound((context) =>
    failure(context, 'not_found', `nothing at ${context.req.method} ${quoted(context.req.path)}`),
  );
  app.onError((error, context) => {
    log.error({ error, path: context.req.path }, 'request failed');
    return failure(context, 'internal', messageOf(error));
  });
  return app;
}

function wrongMethod(context: Context, allowed: readonly string[]): Response {
  const expected = allowed.join(', ');
  context.header('Allow', expected);
  return failure(
    context,
    'method_not_allowed',
    `${context.req.method} is not allowed here, expected ${expected}`,
  );
}

/** Browsers say where a request comes from, whatever its body; curl and the like do not, and cannot be misled by a page. */
function refuseForeignPages(): MiddlewareHandler {
  return async (context, next) => {
    if (['GET', 'HEAD'].includes(context.req.method) || isOwn(context)) return next();
    return failure(context, 'forbidden', 'a page of another origin may not change anything here');
  };
}

function isOwn({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = req.header('origin');
  return origin === undefined || origin === new URL(req.url).origin;
}

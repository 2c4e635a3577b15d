import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
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
  readonly enableLifecycle: boolean;
  readonly log: Logger;
}

/** Everything under one address: landing page, management endpoints, metrics, API. */
export function createWebApp({ source, actions, enableLifecycle, log }: WebOptions): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use(csrf());
  app.get('/', (context) => context.html(landingPage(source.version)));
  app.route('/', managementRoutes({ source, actions, enableLifecycle }));
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

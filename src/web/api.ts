import { Hono } from 'hono';
import { failure, quoted, success } from './answers.ts';
import type { WebSource } from './source.ts';

/** The reading half of the API. */
export function apiRoutes(source: WebSource): Hono {
  const routes = new Hono();
  routes.get('/jobs', (context) =>
    success(context, { controller: source.controller(), jobs: source.jobs() }),
  );
  routes.get('/jobs/:job', (context) => {
    const name = context.req.param('job');
    const view = source.jobs().find(({ job }) => job === name);
    return view === undefined
      ? failure(context, 'not_found', `no job ${quoted(name)}`)
      : success(context, view);
  });
  routes.get('/targets', (context) => {
    const match = context.req.query('match');
    if (match === undefined || match === '') {
      return failure(context, 'bad_data', 'expected a target in ?match=host:port, got none');
    }
    return success(context, { targets: source.targets(match) });
  });
  return routes;
}

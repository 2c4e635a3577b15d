import { html } from 'hono/html';
import { type ControllerView, standbyText } from '../model/controller-view.ts';

/** The front door: links to what is served. */
export function landingPage(version: string, controller: ControllerView): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>prome-shard</title></head>
<body>
<h1>prome-shard</h1>
<p>Version ${version}, ${controller.name}</p>
<p>${controller.leads ? 'This controller leads.' : `This controller stands by: ${standbyText(controller)}`}</p>
<ul>
<li><a href="/api/v1/jobs">Jobs</a>: pool, load per collector, deliveries, last errors</li>
<li><a href="/metrics">Metrics</a></li>
<li><a href="/-/healthy">Healthy</a>, <a href="/-/ready">ready</a></li>
</ul>
</body>
</html>
`;
}

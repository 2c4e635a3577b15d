import type { Machine } from './machine.ts';

/** What a target answers to a scrape, in Prometheus' text format. */
export function targetPage(machine: Machine, scrapes: number, upSeconds: number): string {
  return [
    '# HELP demo_machine_info Always 1; its label is the name of the machine in the inventory.',
    '# TYPE demo_machine_info gauge',
    `demo_machine_info{machine="${machine.name}"} 1`,
    '# HELP demo_scrapes_total Scrapes by any collector so far.',
    '# TYPE demo_scrapes_total counter',
    `demo_scrapes_total ${scrapes}`,
    '# HELP demo_up_seconds How long this target has been there.',
    '# TYPE demo_up_seconds gauge',
    `demo_up_seconds ${upSeconds.toFixed(1)}`,
    '',
  ].join('\n');
}

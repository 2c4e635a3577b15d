/** The sizes and times of the demo. */
export const scale = {
  targets: 300,
  collectors: 3,
  scrapeIntervalMs: 1000,
  /** A collector counts as scraping a target when it did so in this time: three scrapes. */
  windowMs: 3000,
  /** How often the screen looks at what there is. */
  refreshMs: 200,
} as const;

/** The name of the demo's one job, and of its getter. */
export const jobName = 'demo_services';

/** Ports that are taken where they are free; another free one otherwise. */
export const usualPorts = { web: 8801, collectors: 9101, inventory: 20_000, targets: 20_001 } as const;

/** Everything of the demo listens here, and nowhere else. */
export const loopback = '127.0.0.1';

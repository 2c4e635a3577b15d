import type { JobView } from '../model/job-view.ts';
import type { Clock } from '../runtime/clock.ts';
import type { CollectorKindName } from './collectors/kind.ts';
import type { DemoFolder } from './files/folder.ts';
import type { DemoInput } from './input/demo-input.ts';
import type { Display } from './screen/display.ts';

/** A running controller, as far as the demo looks at it. */
export interface DemoController {
  readonly port: number;
  /** The demo's job. */
  job(): JobView | undefined;
  /** The ring names of a target's owners. */
  owners(target: string): readonly string[];
  stop(): Promise<void>;
}

export interface DemoOptions {
  /** What plays the collectors; absent: Prometheus where it is on the path and starts, else small ones of the demo's own. */
  readonly collector?: CollectorKindName;
  /** Leaves the folder in place. */
  readonly keep: boolean;
  /** A PATH. */
  readonly searchPath: string;
  readonly clock: Clock;
  readonly display: Display;
  readonly input: DemoInput;
  /** Loads the config in the folder and runs it, as `prome-shard run` does, with the log in the folder. */
  readonly startController: (folder: DemoFolder) => Promise<DemoController>;
}

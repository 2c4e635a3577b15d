import type { DemoCommand } from './demo-command.ts';

/** Whom an input tells what came. */
export interface InputListener {
  readonly told: (command: DemoCommand) => void;
  /** A line came that is no command. */
  readonly unknown: (line: string) => void;
}

/** Where commands come from. */
export interface DemoInput {
  /** For people: how to tell the demo something. */
  readonly hint: string;
  /** Whether the first command waits until all is well. */
  readonly waitsFirst: boolean;
  /** Listens until the returned function is called, which gives the input back as it was. */
  listen(listener: InputListener): () => void;
}

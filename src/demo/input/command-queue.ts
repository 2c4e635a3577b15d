import type { DemoCommand } from './demo-command.ts';

export interface CommandQueueOptions {
  readonly toggle: (collector: number) => Promise<void>;
  readonly quit: () => void;
  /** Whether what was told before has come to its end. */
  readonly settled: () => boolean;
}

/** Carries commands out one after the other, in the order in which they were told. */
export class CommandQueue {
  readonly #options: CommandQueueOptions;
  readonly #waiting: DemoCommand[] = [];
  #busy = false;

  constructor(options: CommandQueueOptions) {
    this.#options = options;
  }

  add(command: DemoCommand): void {
    this.#waiting.push(command);
    void this.advance();
  }

  /** Does what can be done now: call it again whenever something may have settled. */
  async advance(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (await this.#step());
    } finally {
      this.#busy = false;
    }
  }

  async #step(): Promise<boolean> {
    const [command] = this.#waiting;
    if (command === undefined) return false;
    if (command.type === 'wait' && !this.#options.settled()) return false;
    this.#waiting.shift();
    if (command.type === 'toggle') await this.#options.toggle(command.collector);
    if (command.type === 'quit') this.#options.quit();
    return true;
  }
}

import type { LeadView } from '../model/controller-view.ts';

export type { LeadView } from '../model/controller-view.ts';

/** One of any number of controllers leads; the others only watch. */
export interface Leadership {
  /** Begins to stand for the lead; never rejects: it goes on trying. */
  start(): void;
  view(): LeadView;
  /** Throws a ShardError `not_leading` unless this process leads at this very moment, also after it was suspended. */
  assertLeads(): void;
  /** Hands over at once, where it leads. */
  stop(): Promise<void>;
}

/** Called after the view changed. */
export type LeadChanged = () => void;

/** For a controller that cannot have others beside it. */
export const alone: Leadership = {
  start: () => undefined,
  view: () => ({ leads: true }),
  assertLeads: () => undefined,
  stop: async () => undefined,
};

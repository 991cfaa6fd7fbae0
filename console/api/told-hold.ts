import type { ToldEvent } from './told-event.ts';
import type { ToldFact } from './told-fact.ts';

/** Changes that are kept back for a decision. */
export type ToldHold = {
  readonly holdId: string;
  readonly connectionId: string;
  /** How many changes of which kind, in words. */
  readonly name: string;
  readonly count: number;
  readonly why: string;
  readonly openedAt: string;
  /** Undecided, decided and waiting for the next complete sweep, or over. */
  readonly standing: 'open' | 'decided' | 'ended';
  /** The decision and what came of it, in words. */
  readonly said: string;
};

export type ToldHolds = { readonly holds: readonly ToldHold[] };

export type ToldHoldDetail = {
  readonly hold: ToldHold;
  readonly facts: readonly ToldFact[];
  /** Examples of the events that it would become. */
  readonly preview: readonly ToldEvent[];
};

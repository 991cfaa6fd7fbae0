import type { Transition, UserChange } from '../model/log-batch.ts';

/** The event of a transition before the commit gives it a sequence. */
export type StagedChange = Omit<UserChange, 'sequence'>;
/** What a sweep wants to do to one user, before the commit. */
export type StagedTransition = Omit<Transition, 'change'> & {
  readonly change?: StagedChange;
  /** The digest of his entry before; absent where he had none. Not committed. */
  readonly priorDigest?: string;
};

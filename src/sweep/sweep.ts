import type { PriorAbsence } from '../diff/absence.ts';
import type { DiffContext } from '../diff/diff-sweep.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import type { KnownHold } from '../diff/judge-change.ts';
import type { Projection } from '../diff/projection.ts';
import type { Protector } from '../diff/protect-user.ts';
import type { SweepBasis } from './checkpoint.ts';
import type { SweepPorts, UserList } from './ports.ts';
import type { Meanings } from './projection-meanings.ts';
import type { Held } from './take-lease.ts';

/** One sweep under way in one tick, and everything it goes by. */
export type Sweep = {
  readonly ports: SweepPorts;
  readonly list: UserList;
  /** The lease and the state that the tick began with; the state stays as it is until something is committed. */
  readonly held: Held;
  readonly basis: SweepBasis;
  /** This tick's number, from 1. */
  readonly tick: number;
  readonly deadlineMs: number;
  readonly index: DigestIndex;
  readonly projection: Projection;
  readonly protector: Protector;
  readonly context: DiffContext;
  readonly meanings: Meanings;
  readonly prior: PriorAbsence;
  readonly holds: readonly KnownHold[];
};

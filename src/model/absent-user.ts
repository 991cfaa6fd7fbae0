import type { SweepId } from './ids.ts';

/** Where a connection's absent list is kept, and the complete sweep whose list it is: counts go on from that one only. */
export type AbsentListReference = {
  readonly sweepId: SweepId;
  readonly count: number;
  /** Name of the blob; absent where nobody is absent. */
  readonly blob?: string;
};

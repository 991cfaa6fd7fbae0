import type { World } from '../world.ts';
import { watchCauses } from './causes.ts';
import { createConvergence } from './convergence.ts';
import { watchDeletions } from './deletions.ts';
import { followDeliveries } from './deliveries.ts';
import { watchEventContents } from './event-contents.ts';
import { watchForward } from './forward.ts';
import { watchHolds } from './holds.ts';
import { watchLeases } from './leases.ts';
import { countMoments } from './moments.ts';
import { watchRestores } from './restores.ts';
import { watchSequences } from './sequences.ts';
import { followSweeps } from './sweep-walks.ts';

/** Everything that has to hold, whatever happens. */
export type Oracles = {
  /** What is still missing or different; to be asked once faults have stopped. */
  differences(): Promise<readonly string[]>;
  /** What was found wrong on the way. */
  readonly faults: readonly string[];
};

export function createOracles(world: World): Oracles {
  const { trace } = world;
  const faults: string[] = [];
  const complain = (oracle: string) => (fault: string) => {
    faults.push(`${oracle}: ${fault}`);
    trace.note(() => `FAULT ${oracle}: ${fault}`);
  };
  const sweeps = followSweeps(world);
  watchSequences(world, complain('sequences'));
  watchLeases(world, complain('leases'));
  watchForward(world, complain('forward'));
  watchDeletions(world, sweeps, complain('deletions'));
  watchHolds(world, complain('holds'));
  watchRestores(world, complain('restores'));
  watchEventContents(world, complain('event contents'));
  watchCauses(world, complain('causes'));
  countMoments(world);
  const convergence = createConvergence(world);
  const undelivered = followDeliveries(world);
  return {
    faults,
    async differences() {
      const differing = await convergence.differences();
      return [
        ...undelivered().map((what) => `deliveries: ${what}`),
        ...differing.map((what) => `convergence: ${what}`),
      ];
    },
  };
}

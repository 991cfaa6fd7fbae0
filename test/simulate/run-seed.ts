import { createRandom } from '../../local/simulators/random.ts';
import type { AwsStand } from './aws/aws-stand.ts';
import { playCalm, playPrelude } from './calm.ts';
import { playChaos } from './chaos.ts';
import { createContainers } from './containers.ts';
import { proceedWith } from './faults/call-faults.ts';
import { operator } from './operator.ts';
import { createOracles } from './oracles/oracles.ts';
import { settle } from './scheduler.ts';
import { planSeed } from './seed-plan.ts';
import { saveConnections } from './settings.ts';
import { enterWorld } from './virtual-builtins.ts';
import { currentWorker } from './worker.ts';
import { createWorld, type World } from './world.ts';

/** What a seed led to: no faults means that it passed. */
export type SeedResult = {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
};

/** Runs one seed from its beginning to its end. The same seed always does the same. */
export async function runSeed(seed: number, stand: AwsStand, isTraced: boolean): Promise<SeedResult> {
  const plan = planSeed(seed);
  const world = await createWorld(plan, stand, isTraced);
  enterWorld({ scheduler: world.scheduler, random: createRandom(`chance/${seed}`) });
  try {
    const oracles = createOracles(world);
    const containers = createContainers(world);
    await goOnUntil(
      world,
      currentWorker.run(operator, () => saveConnections(world)),
    );
    await playPrelude(world, containers);
    await playChaos(world, containers);
    const differences = await playCalm(world, containers, oracles.differences);
    const faults = [...oracles.faults, ...differences];
    return { seed, faults, counts: world.tally.counts, trace: world.trace.lines };
  } catch (error) {
    const faults = [`thrown: ${error instanceof Error ? error.stack : String(error)}`];
    return { seed, faults, counts: world.tally.counts, trace: world.trace.lines };
  } finally {
    enterWorld(undefined);
  }
}

async function goOnUntil(world: World, end: Promise<void>): Promise<void> {
  let isOver = false;
  void end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await settle();
    const [call] = world.scheduler.ready();
    if (call !== undefined) proceedWith(world, call);
  }
  await end;
}

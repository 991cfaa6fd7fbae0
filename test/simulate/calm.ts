import { deliverMessage, deliverRecords } from './chaos.ts';
import type { Containers } from './containers.ts';
import { proceedWith } from './faults/call-faults.ts';
import { healVendor } from './faults/vendor-faults.ts';
import { decideHold, redriveDropped } from './operator.ts';
import { recover } from './restore.ts';
import { settle } from './scheduler.ts';
import { bringBack } from './settings.ts';
import { dueTimes, stateOf } from './table-facts.ts';
import type { World } from './world.ts';

/** Rounds after which a feed without faults must have caught up: back-off, holds and confirmations take their time. */
const maxRounds = 24;
const roundMs = 310_000;

/** Ends all faults, and lets the feed go on until it has nothing left to do and nothing changes any more. */
export async function playCalm(
  world: World,
  containers: Containers,
  differences: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { sites, troubles, scheduler } = world;
  for (const site of sites.values()) healVendor(world, site);
  Object.assign(troubles, { isCalm: true, isBusMissing: false, refusesEntries: false, leavesUnprocessed: false });
  for (const { worker } of containers.all) worker.skewMs = 0;
  await drainUntil(world, containers, recover(world));
  await drainUntil(world, containers, redriveDropped(world));
  let agreed = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    scheduler.advance(
      Math.max(roundMs, ...dueTimes(world.table, sites.keys()).map((ms) => ms - scheduler.nowMs())) + 60_000,
    );
    const container = containers.free('dispatch');
    if (container !== undefined) containers.dispatch(container);
    await drain(world, containers);
    const isUnsettled = await drainUntil(world, containers, bringBack(world));
    const hasHolds = [...sites.keys()].some((id) => (stateOf(world.table, id)?.holds ?? []).length > 0);
    if (hasHolds) await drainUntil(world, containers, decideHold(world, 'approved'));
    // What agrees once has to stay so: whatever is still to come would be an invention.
    agreed = isUnsettled || hasHolds || (await differences()).length > 0 ? 0 : agreed + 1;
    if (agreed === 2) return [];
  }
  return differences();
}

/** Lets an operator's command go on to its end, and everything else meanwhile. */
async function drainUntil<Answer>(world: World, containers: Containers, command: Promise<Answer>): Promise<Answer> {
  await drain(world, containers);
  return command;
}

/** Lets the feed take its first lists before anything goes wrong: a story has only so many sweeps. */
export async function playPrelude(world: World, containers: Containers): Promise<void> {
  const container = containers.free('dispatch');
  if (!world.plan.hasPrelude || container === undefined) return;
  world.troubles.isCalm = true;
  containers.dispatch(container);
  await drain(world, containers);
  world.troubles.isCalm = false;
}

/** Lets everything go on that was begun, whoever is frozen included, and delivers what waits. */
async function drain(world: World, containers: Containers): Promise<void> {
  const { scheduler, random, queue } = world;
  for (;;) {
    await settle();
    if (scheduler.fireTimers()) continue;
    const ready = scheduler.ready();
    if (ready.length > 0) proceedWith(world, random.pick(ready));
    else if (!deliverMessage(world, containers) && !deliverRecords(world, containers)) {
      const times = queue.messages.map(({ visibleAtMs }) => visibleAtMs);
      // A message that nobody is free for waits for somebody frozen.
      const next = [scheduler.nextMs() ?? 0, ...times].filter((ms) => ms > scheduler.nowMs());
      if (next.length === 0) return;
      scheduler.advance(Math.min(...next) - scheduler.nowMs());
    }
  }
}

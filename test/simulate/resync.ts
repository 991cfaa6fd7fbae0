import { createProtectorCache } from '../../functions/protector-cache.ts';
import type { ResyncStamp } from '../../src/events/compose-resync-event.ts';
import { toBusEntry } from '../../src/events/pack-entries.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import { createEventBridgeBus } from '../../src/publish/event-bridge-bus.ts';
import { resyncParts } from '../../src/publish/resync-parts.ts';
import { waitUntilPublished } from '../../src/publish/wait-until-published.ts';
import { operator } from './operator.ts';
import { stateOf } from './table-facts.ts';
import { currentWorker } from './worker.ts';
import type { World } from './world.ts';

/** Tells the present of everybody of one connection, as `ucf resync` does, while the feed goes on. */
export async function resync(world: World): Promise<void> {
  if (!world.plan.hasResyncs) return;
  const { random, sites, clients, store, scheduler, tally, trace, restores } = world;
  const id = connectionId(random.pick([...sites.keys()]));
  const stamp = stampOf(world, id);
  // The command looks at the mark first: of a table that was restored nothing is told.
  if (stamp === undefined || restores.isRecovering) return;
  trace.note(() => `  an operator tells the present of ${id}`);
  const { nowMs, sleep } = scheduler;
  const bus = createEventBridgeBus({ client: clients.bus, busName: 'users', nowMs, sleep, random: () => 0.5 });
  const sources = {
    entries: store.walkEntries(id, undefined),
    protectorOf: createProtectorCache({ store, nowMs }),
    waitUntilPublished: () => waitUntilPublished({ store, sleep, looks: 60 }, id),
  };
  await currentWorker.run(operator, async () => {
    for await (const { events, tenantId } of resyncParts(sources, id, stamp)) {
      await bus.putEntries(events.map(toBusEntry), tenantId);
      tally.count('resynced');
    }
  });
}

function stampOf({ table, random }: World, id: ConnectionId): ResyncStamp | undefined {
  const state = stateOf(table, id);
  if (state?.lastComplete === undefined) return undefined;
  const { sweepId, startedAt } = state.lastComplete;
  return {
    connectionId: id,
    tenantId: 'acme',
    vendor: id.replace(/-\d+$/, ''),
    mappingVersion: 1,
    epoch: state.epoch,
    sequence: state.sequence,
    sweep: { sweepId, mode: 'full', startedAt, complete: true, usersSeen: state.counts.pairs },
    runId: `run-${random.below(2 ** 31)}`,
    directorySince: state.directorySince,
  };
}

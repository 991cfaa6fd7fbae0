import { createProtectorCache } from '../../functions/protector-cache.ts';
import { connectionId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import type { RequestedAct } from '../../src/model/operator-request.ts';
import { createEventBridgeBus } from '../../src/publish/event-bridge-bus.ts';
import { redriveLog } from '../../src/publish/redrive-log.ts';
import { stateOf } from './table-facts.ts';
import { createWorker, currentWorker } from './worker.ts';
import { startMs, type World } from './world.ts';

/** Who types commands. Nothing ever goes wrong with him. */
export const operator = createWorker('operator');

/** Decides one of the holds that are open, if there is one; by chance where no verdict is given. */
export async function decideHold(world: World, wanted: 'approved' | 'rejected' | undefined): Promise<void> {
  const { sites, table, random, tally, trace } = world;
  const open = [...sites.keys()].flatMap((id) =>
    (stateOf(table, id)?.holds ?? [])
      .filter(({ decision }) => decision === undefined)
      .map(({ holdId }) => ({ id, holdId })),
  );
  if (open.length === 0) return;
  const { id, holdId } = random.pick(open);
  const verdict = wanted ?? random.pick(['approved', 'approved', 'rejected'] as const);
  trace.note(() => `  an operator has ${verdict} ${holdId}`);
  tally.count(verdict === 'approved' ? 'hold_approved' : 'hold_rejected');
  await leaveRequest(world, id, holdId, { act: 'decide_hold', holdId, verdict });
}

/** Leaves something for the next tick of a connection to do, under a name that ends so. */
export async function leaveRequest(
  { store, scheduler }: World,
  id: string,
  name: string,
  act: RequestedAct,
): Promise<void> {
  const nowMs = scheduler.nowMs();
  const asked = { connectionId: connectionId(id), requestId: `request-${nowMs}-${name}`, at: instant(nowMs) };
  await currentWorker.run(operator, () => store.writeRequest({ ...asked, by: 'operator', ...act }));
}

/** Time to spare: a batch is dated by the clock of whoever committed it. */
const beforeAllMs = startMs - 3_600_000;

/** What `ucf redrive --from` does after a bus was missing: for as long as nobody had noticed, it has dropped events without a word. */
export async function redriveDropped({
  troubles,
  store,
  clients,
  scheduler,
  sites,
  tally,
  random,
}: World): Promise<void> {
  if (!troubles.hasDropped) return;
  tally.count('redriven');
  const { nowMs, sleep } = scheduler;
  const bus = createEventBridgeBus({
    client: clients.bus,
    busName: 'users',
    nowMs,
    sleep,
    random: () => random.below(100) / 100,
  });
  const protectorOf = createProtectorCache({ store, nowMs });
  await currentWorker.run(operator, async () => {
    for (const id of sites.keys())
      await redriveLog({ store, bus, protectorOf }, connectionId(id), instant(beforeAllMs));
  });
}

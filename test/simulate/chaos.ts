import type { DynamoDBRecord } from 'aws-lambda';
import type { Containers } from './containers.ts';
import { proceedWith } from './faults/call-faults.ts';
import type { FaultKind } from './faults/fault-kinds.ts';
import { changeUsers } from './faults/vendor-changes.ts';
import { armTrap, healVendor } from './faults/vendor-faults.ts';
import { loseShard, requestRebuild } from './losses.ts';
import { decideHold } from './operator.ts';
import { keepBackup, recover, restoreTable } from './restore.ts';
import { resync } from './resync.ts';
import { settle } from './scheduler.ts';
import { changeSettings, requestRemoval } from './settings.ts';
import { dueTimes, leaseEnds } from './table-facts.ts';
import type { VendorSite } from './vendor/vendor-site.ts';
import type { World } from './world.ts';

/** The part of a seed in which everything goes wrong that its plan has chances for. */
export async function playChaos(world: World, containers: Containers): Promise<void> {
  const { scheduler, random, plan } = world;
  for (let step = 0; step < plan.steps; step += 1) {
    await settle();
    scheduler.fireTimers();
    const ready = scheduler.ready();
    if (ready.length > 0 && random.below(100) < 92) proceedWith(world, random.pick(ready));
    else if (random.below(100) < 60) letFunctionsRun(world, containers, ready.length);
    else doSomethingElse(world, containers);
  }
  await settle();
}

/** Gives the functions something to do, or lets time pass until there is: seldom while somebody is at work. */
function letFunctionsRun(world: World, containers: Containers, pending: number): void {
  const { random } = world;
  const starts = [deliverMessage, deliverRecords, dispatch];
  const first = random.below(starts.length);
  for (let turn = 0; turn < starts.length; turn += 1)
    if (starts[(first + turn) % starts.length]?.(world, containers)) return;
  if (pending > 0 && random.below(6) > 0) return;
  if (random.below(2) === 0) changeSomebody(world, containers);
  passTime(world);
}

function passTime({ scheduler, random, table, sites, queue, dispatches }: World): void {
  const nowMs = scheduler.nowMs();
  const dueMs = dueTimes(table, sites.keys());
  // Nothing is dispatched for a while now and then: as often as not there is nobody to dispatch but one whose lease is held.
  const isDispatched = random.below(3) === 0 && dueMs.some((ms) => ms <= nowMs);
  const next = [
    scheduler.nextMs() ?? 0,
    ...dueMs,
    ...leaseEnds(table, sites.keys()),
    ...queue.messages.map(({ visibleAtMs }) => visibleAtMs),
    ...(isDispatched ? [dispatches.nextMs] : []),
  ].filter((ms) => ms > nowMs);
  const untilMs = Math.min(...next, nowMs + 600_000);
  scheduler.advance(untilMs - nowMs + random.below(2_000));
}

/** Once a minute, as the schedule has it. A function that nobody needs is not worth its calls. */
function dispatch(world: World, containers: Containers): boolean {
  const { table, sites, scheduler, queue, dispatches } = world;
  const isDue = dueTimes(table, sites.keys()).some((ms) => ms <= scheduler.nowMs());
  if (!isDue || scheduler.nowMs() < dispatches.nextMs || queue.messages.length > 2) return false;
  // While somebody sweeps there is seldom anything to dispatch.
  if (containers.all.some(({ kind, isBusy }) => kind === 'sweep' && isBusy) && world.random.below(4) > 0) return false;
  const container = containers.free('dispatch');
  if (container === undefined) return false;
  dispatches.nextMs = scheduler.nowMs() + 60_000;
  containers.dispatch(container);
  return true;
}

/** Delivers a message; now and then it gets lost, or comes a second time. */
export function deliverMessage(world: World, containers: Containers): boolean {
  const { queue, scheduler, random, tally } = world;
  const message = queue.messages.find(({ visibleAtMs }) => visibleAtMs <= scheduler.nowMs());
  const container = message && containers.free('sweep');
  if (message === undefined || container === undefined) return false;
  if (happens(world, 'message_lost')) {
    tally.count('message_lost');
    queue.messages = queue.messages.filter((other) => other !== message);
    return true;
  }
  containers.sweep(container, message, random.pick(world.plan.tickMs));
  if (happens(world, 'message_twice')) {
    tally.count('message_twice');
    message.visibleAtMs = scheduler.nowMs() + random.below(5_000);
  }
  return true;
}

/** Delivers records of one shard, in order; what fails stays there, and what comes after it. */
export function deliverRecords(world: World, containers: Containers): boolean {
  const { stream, random, tally } = world;
  const shards = [...stream.shards].filter(([, records]) => records.length > 0);
  if (shards.length === 0) return false;
  const [shard, records] = random.pick(shards);
  if (happens(world, 'stream_late') && random.below(4) > 0) {
    tally.count('stream_late');
    return false;
  }
  const container = containers.free('publish');
  if (container === undefined) return false;
  const batch = records.slice(0, 1 + random.below(4));
  stream.shards.set(shard, records.slice(batch.length));
  if (happens(world, 'stream_lost')) {
    tally.count('stream_lost');
    return true;
  }
  stream.delivered.push(...batch);
  containers.publish(container, batch, (failed) => giveBack(world, shard, batch, failed));
  return true;
}

function giveBack(
  { stream }: World,
  shard: string,
  batch: readonly DynamoDBRecord[],
  failed: ReadonlySet<string>,
): void {
  const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
  if (first >= 0) stream.shards.set(shard, [...batch.slice(first), ...(stream.shards.get(shard) ?? [])]);
}

type Act = (world: World, containers: Containers) => void;

/** What else may happen, each as likely as it is often here. */
const acts: readonly Act[] = [
  ...Array.from({ length: 5 }, () => changeSomebody),
  ...Array.from({ length: 5 }, () => (world: World) => armTrap(world, anySite(world))),
  (world) => healVendor(world, anySite(world)),
  (world) => void decideHold(world, undefined),
  troubleServices,
  keepBackup,
  restoreOrRecover,
  loseShard,
  deliverAgain,
  (world) => void changeSettingsByChance(world),
  // One that the bus or the publisher lets down is typed again, or not.
  (world) => void resync(world).catch(() => undefined),
];

function doSomethingElse(world: World, containers: Containers): void {
  world.random.pick(acts)(world, containers);
}

function anySite({ random, sites }: World): VendorSite {
  return random.pick([...sites.values()]);
}

function changeSomebody(world: World, containers: Containers): void {
  const isRead = containers.all.some(({ kind, isBusy }) => kind === 'sweep' && isBusy);
  if (isRead) world.tally.count('changed_while_read');
  changeUsers(world, anySite(world));
}

function troubleServices({ plan, random, troubles, tally }: World): void {
  troubles.isBusMissing = plan.chances.has('bus_missing') && random.below(3) === 0;
  if (troubles.isBusMissing) tally.count('bus_missing');
  troubles.refusesEntries = plan.chances.has('put_refused_in_part') && random.below(2) === 0;
  troubles.leavesUnprocessed = plan.chances.has('batch_unprocessed') && random.below(2) === 0;
}

function restoreOrRecover(world: World, containers: Containers): void {
  const { plan, random } = world;
  if (plan.chances.has('restored') && random.below(3) === 0) restoreTable(world, containers);
  else if (random.below(2) === 0) void recover(world);
}

async function changeSettingsByChance(world: World): Promise<void> {
  const { plan, random } = world;
  if (!plan.isResettled) return;
  const turn = random.below(7);
  if (turn === 0) await requestRemoval(world);
  else if (turn === 1) await requestRebuild(world);
  else await changeSettings(world);
}

function deliverAgain({ plan, stream, random, tally }: World, containers: Containers): void {
  const container = containers.free('publish');
  if (!plan.chances.has('stream_twice') || stream.delivered.length === 0 || container === undefined) return;
  tally.count('stream_twice');
  containers.publish(container, [random.pick(stream.delivered)], () => undefined);
}

function happens({ plan, random, troubles }: World, kind: FaultKind): boolean {
  return !troubles.isCalm && random.below(3_000) < (plan.chances.get(kind) ?? 0);
}

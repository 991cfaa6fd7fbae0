import { setTimeout as sleep } from 'node:timers/promises';
import { measureIdleDispatch } from '../../bench/idle-dispatch.ts';
import { measureSweeps } from '../../bench/measured-sweeps.ts';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { createDeliveryWatch, quantile } from './delivery-watch.ts';
import type { FromFeed, MemoryLook, TableUse } from './feed-messages.ts';
import { judgeMemory, judgeUnits, type Verdict } from './judge-soak.ts';
import { readLists } from './read-lists.ts';
import { createReportWatch } from './report-watch.ts';
import type { SoakOptions } from './soak-options.ts';
import { createSoakedConsumer } from './soaked-consumer.ts';
import { type SoakedWorld, startSoakedWorld } from './soaked-world.ts';
import { startFeed } from './start-feed.ts';

const users = 200;
/** As many as a user who has gone needs to be believed gone, and more for holds that dissolve or are approved. */
const settlingSweeps = 6;
/** From the page to the delivery, with other connections' sweeps in the same process on a busy machine. */
const mostFromPageMs = { p99: 5_000, longest: 30_000 };
/** A shorter soak only tells: one pause of the machine, or one fault more or less, would decide. */
const boundMinutes = 10;

/** Soaks the feed and says what came of it, a verdict each. */
export async function runSoak(
  { minutes, seed, isCalm }: SoakOptions,
  note: (line: string) => void,
): Promise<readonly Verdict[]> {
  note('measuring what a sweep is calculated from');
  const basis = await measureSweeps(users);
  const idle = await measureIdleDispatch(10);
  const watch = createDeliveryWatch();
  const world = await startSoakedWorld({
    seed,
    isCalm,
    onChange: ({ connectionIds }, userId) => watch.changed(connectionIds, userId, Date.now()),
  });
  const reports = createReportWatch(world.vendors);
  const consumer = createSoakedConsumer();
  const looks: MemoryLook[] = [];
  const faults: string[] = [];
  let use: TableUse = { reads: 0, writes: 0, dispatches: 0 };
  let taking: Promise<void> = Promise.resolve();
  const takeEvent = (event: BusEvent, atMs: number) => {
    watch.delivered(event, atMs, wasHeldUp(event, atMs));
    taking = taking.then(() => consumer.take(event));
  };
  const wasHeldUp = ({ detail }: BusEvent, atMs: number) => {
    const { connectionId, sweep } = detail.metadata as { connectionId: string; sweep?: { startedAt: string } };
    return reports.wasFaulty(connectionId, Date.parse(sweep?.startedAt ?? ''), atMs);
  };
  const feed = startFeed((message: FromFeed) => {
    if (message.kind === 'event') takeEvent(message.event, message.atMs);
    if (message.kind === 'report') reports.take(message.report);
    if (message.kind === 'memory') looks.push(message.memory);
    if (message.kind === 'fault') faults.push(`${message.where}: ${message.message}`);
    if (message.kind === 'counted') use = message.use;
  });
  try {
    const ready = feed.told('ready');
    feed.ask({ kind: 'start', connections: world.connections, environment: world.environment });
    await ready;
    reports.reset();
    feed.ask({ kind: 'count' });
    note(`${world.vendors.length * 2} connections are polled for ${minutes} min`);
    await playFor(minutes * 60_000, world);
    const settled = feed.told('settled');
    const counted = feed.told('counted');
    feed.ask({ kind: 'settle', sweeps: settlingSweeps });
    await counted;
    const units = judgeUnits({ use, basis, idleReads: idle.read, users, reports: [...reports.reports], isCalm });
    await settled;
    await taking;
    return [
      judgeMemory(looks),
      units,
      judgeDelivery(watch.times, minutes),
      await judgeConsumer(world, consumer),
      judgeFaults(reports, faults),
      judgeWorld(world, { isCalm, minutes }),
    ];
  } finally {
    await feed.close();
    await world.close();
  }
}

/** Until the time is over; the last faults end before it. */
async function playFor(ms: number, world: SoakedWorld): Promise<void> {
  const untilMs = Date.now() + ms;
  for (let nowMs = Date.now(); nowMs < untilMs; nowMs = Date.now()) {
    world.play(nowMs);
    await sleep(200);
  }
  world.calm(Date.now());
}

function judgeDelivery(
  { fromPage, fromChange }: ReturnType<typeof createDeliveryWatch>['times'],
  minutes: number,
): Verdict {
  const p99 = quantile(fromPage, 0.99);
  const longest = quantile(fromPage, 1);
  const isSoon = p99 <= mostFromPageMs.p99 && longest <= mostFromPageMs.longest;
  const isGood = fromPage.length > 0 && (isSoon || minutes < boundMinutes);
  const text =
    `delivery: ${fromPage.length} events of sweeps without a fault, from the page that shows the change: ` +
    `p50 ${quantile(fromPage, 0.5)} ms, p99 ${p99} ms, longest ${longest} ms; ` +
    `from the change: p50 ${(quantile(fromChange, 0.5) / 1000).toFixed(1)} s, p99 ${(quantile(fromChange, 0.99) / 1000).toFixed(1)} s`;
  return { isGood, text };
}

async function judgeConsumer(world: SoakedWorld, consumer: ReturnType<typeof createSoakedConsumer>): Promise<Verdict> {
  const { lists, close } = readLists(world);
  const differences: string[] = [];
  for (const list of lists) differences.push(...(await consumer.differences(list)));
  await close();
  const shown = differences.slice(0, 20).map((line) => `\n  ${line}`);
  const text = `consumer: ${consumer.eventCount} events, ${differences.length} differences from the lists of ${lists.length} connections${shown.join('')}`;
  return { isGood: differences.length === 0, text };
}

function judgeFaults(
  { outcomes, unexplained }: ReturnType<typeof createReportWatch>,
  faults: readonly string[],
): Verdict {
  const counts = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  const stray = [...unexplained, ...faults];
  const shown = stray.slice(0, 20).map((line) => `\n  ${line}`);
  const text = `faults: ${stray.length} beside those that were switched on; sweeps: ${counts}${shown.join('')}`;
  return { isGood: stray.length === 0, text };
}

/**
 * Whether faults had an effect at every vendor, and nobody was followed elsewhere with credentials. In a short soak each
 * vendor has so few faults that they may all fall between two sweeps: then one effect anywhere is enough.
 */
export function judgeWorld(
  { vendors }: Pick<SoakedWorld, 'vendors'>,
  { isCalm, minutes }: Pick<SoakOptions, 'isCalm' | 'minutes'>,
): Verdict {
  const words = vendors.map(({ simulator, fired, faultTimes }) => {
    const had = [...fired].filter(([, times]) => times > 0);
    return `${simulator.vendor} ${faultTimes.length} (${had.length} kinds had an effect)`;
  });
  const led = vendors.reduce((sum, { simulator }) => sum + simulator.elsewhere.withCredentials, 0);
  const affected = vendors.filter(({ fired }) => [...fired.values()].some((times) => times > 0)).length;
  const hadEffect = affected >= (minutes < boundMinutes ? 1 : vendors.length);
  const isGood = led === 0 && (isCalm || hadEffect);
  return { isGood, text: `switched on: ${words.join(', ')}; credentials sent elsewhere ${led} times` };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionId } from '../src/model/ids.ts';
import type { Instant } from '../src/model/instant.ts';
import { createPace } from '../src/publish/pace.ts';
import type { EventBus } from '../src/publish/ports.ts';
import { redriveLog } from '../src/publish/redrive-log.ts';
import { confirm } from './confirm.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import { openFeedBus } from './open-target.ts';
import type { Output } from './output.ts';
import { showCount } from './show-count.ts';
import { createProgress, type Progress } from './show-progress.ts';
import { usageFault } from './usage-fault.ts';

export type RedriveOptions = FeedOptions & {
  readonly all: boolean;
  readonly from?: Instant;
  readonly events?: string;
  readonly rate: number;
  readonly yes: boolean;
  readonly json: boolean;
};

/** What became of one connection. */
type Redriven = { readonly connectionId: ConnectionId; readonly events: number; readonly fault?: string };

/** Publishes what is not published. What is published again is confirmed first. */
export async function runRedrive(id: string | undefined, options: RedriveOptions, output: Output): Promise<ExitCode> {
  if ((id === undefined) !== options.all) throw usageFault('connection', 'give the id of one, or --all');
  return withFeed(openFeed(options), async (feed) => {
    const ids = id === undefined ? await feed.connections() : [(await findConnection(feed, id)).id];
    const bus = await openFeedBus(feed, options);
    try {
      const question = `Publish again what was committed since ${options.from} by ${id ?? `${ids.length} connections`}?`;
      if (options.from !== undefined && !(await confirm(question, options))) {
        output.note('nothing was published');
        return exitCodes.failedOrHeld;
      }
      return await redriveAll(feed, bus, { ids, options, output });
    } finally {
      await bus.close();
    }
  });
}

type Wanted = {
  readonly ids: readonly ConnectionId[];
  readonly options: RedriveOptions;
  readonly output: Output;
};

async function redriveAll(feed: Feed, bus: EventBus, { ids, options, output }: Wanted): Promise<ExitCode> {
  const redriven: Redriven[] = [];
  const { take } = createPace({ perSecond: options.rate, nowMs: feed.nowMs, sleep: (ms) => sleep(ms) });
  const progress = createProgress(output, feed.nowMs);
  // One that cannot be published must not keep the others from it.
  for (const id of ids) redriven.push(await redriveOne(feed, { bus, take, progress }, id, options.from));
  progress.end();
  for (const { connectionId, fault } of redriven) if (fault !== undefined) output.note(`${connectionId}: ${fault}`);
  if (options.json) output.result(JSON.stringify({ connections: redriven }));
  else for (const { connectionId, events } of redriven) output.result(`${connectionId}: ${events} events published`);
  return redriven.some(({ fault }) => fault !== undefined) ? exitCodes.failedOrHeld : exitCodes.done;
}

type Means = {
  readonly bus: EventBus;
  readonly take: (count: number) => Promise<void>;
  readonly progress: Progress;
};

async function redriveOne(
  { store, protectorOf }: Feed,
  { bus, take, progress }: Means,
  connectionId: ConnectionId,
  from: Instant | undefined,
): Promise<Redriven> {
  let events = 0;
  const paced: EventBus = {
    async putEntries(entries, tenantId) {
      await take(entries.length);
      await bus.putEntries(entries, tenantId);
      events += entries.length;
      progress.tell(`${connectionId}: ${showCount(events)} events published`);
    },
  };
  try {
    await redriveLog({ store, bus: paced, protectorOf }, connectionId, from);
    return { connectionId, events };
  } catch (error) {
    return { connectionId, events, fault: explainError(error) };
  }
}

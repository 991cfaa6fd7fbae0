import type { FeedEvent } from '../src/events/feed-event.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { type Instant, instant } from '../src/model/instant.ts';
import { type LogPlace, readEvents } from '../src/publish/read-events.ts';
import { asDelivered } from './as-delivered.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { repeatUntilStopped } from './repeat-until-stopped.ts';
import { usageFault } from './usage-fault.ts';

export type ChangesOptions = FeedOptions & {
  readonly after?: number;
  readonly epoch?: number;
  readonly from?: Instant;
  readonly type: readonly string[];
  readonly limit?: number;
  readonly follow: boolean;
  readonly json: boolean;
};

const followEveryMs = 1_000;
const sequenceWidth = 6;

/** Prints the events of a log, and with `--follow` those that come. @throws log.expired, log.ahead */
export async function showChanges(id: string, options: ChangesOptions, output: Output): Promise<ExitCode> {
  if (options.epoch !== undefined && options.after === undefined)
    throw usageFault('--epoch', 'says whose sequence --after is; give that, too');
  return withFeed(openFeed(options), async (feed) => {
    if (options.follow && feed.runtime === 'embedded')
      throw usageFault('--follow', 'nothing is committed to a state folder that this command has open; see ucf dev');
    const connection = await findConnection(feed, id);
    if (options.follow) await follow(feed, connection.id, options, output);
    else if ((await print(feed, connection.id, options, output)).printed === 0)
      output.note(`${id}: the log has no such events`);
    return exitCodes.done;
  });
}

/** Prints what there is behind a place, up to the limit. Answers the place behind it and how many were printed. */
async function print(
  feed: Pick<Feed, 'store' | 'protectorOf'>,
  id: ConnectionId,
  options: ChangesOptions,
  output: Output,
  place = placeOf(options),
): Promise<{ readonly place: LogPlace; readonly printed: number }> {
  const { type: types, limit = Number.POSITIVE_INFINITY } = options;
  let reached = place;
  let printed = 0;
  for await (const { events } of readEvents(feed, id, place))
    for (const event of events) {
      if (printed === limit) return { place: reached, printed };
      const { epoch, sequence } = event.metadata;
      reached = { epoch, sequence };
      if (types.length > 0 && !types.includes(event.type)) continue;
      output.result(lineOf(event, options, output));
      printed += 1;
    }
  return { place: reached, printed };
}

async function follow(
  feed: Pick<Feed, 'store' | 'protectorOf'>,
  id: ConnectionId,
  options: ChangesOptions,
  output: Output,
): Promise<void> {
  let place = placeOf(options);
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  await repeatUntilStopped(async () => {
    const told = await print(feed, id, { ...options, limit: left }, output, place);
    place = told.place;
    left -= told.printed;
    return left === 0 ? 'last' : 'more';
  }, followEveryMs);
}

function placeOf({ after, epoch, from }: ChangesOptions): LogPlace {
  if (after === undefined) return { since: from ?? instant(0) };
  return { sequence: after, ...(epoch !== undefined && { epoch }) };
}

function lineOf(event: FeedEvent, { json }: ChangesOptions, { paint }: Output): string {
  const delivered = asDelivered(event);
  if (json) return JSON.stringify(delivered);
  return `${String(event.metadata.sequence).padStart(sequenceWidth)} ${eventLine(delivered, paint)}`;
}

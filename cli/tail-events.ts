import { readEnvironment } from '../src/config/environment.ts';
import type { FeedEvent } from '../src/events/feed-event.ts';
import type { Instant } from '../src/model/instant.ts';
import { asDelivered } from './as-delivered.ts';
import { chooseFeed } from './choose-feed.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { followFeed } from './follow-feed.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { repeatUntilStopped } from './repeat-until-stopped.ts';
import { usageFault } from './usage-fault.ts';

export type TailOptions = FeedOptions & {
  readonly from?: Instant;
  readonly type: readonly string[];
  readonly limit?: number;
  readonly json: boolean;
};

const pauseMs = 2_000;

/** Prints what all connections of a stack commit, until it is stopped. @throws config.invalid for a state folder */
export async function tailEvents(options: TailOptions, output: Output): Promise<ExitCode> {
  const chosen = chooseFeed(options, readEnvironment());
  if ('state' in chosen)
    throw usageFault(
      '--state',
      `nothing is committed to a state folder that this command has open; ucf dev --state ${chosen.state} prints events as it finds them, and ucf changes those of one connection that are there`,
    );
  return withFeed(openFeed(options), async (feed) => {
    const follower = await followFeed(feed, { from: options.from, onFault: output.note });
    output.note(`following ${follower.size === 1 ? '1 connection' : `${follower.size} connections`}; Ctrl+C stops it`);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    await repeatUntilStopped(async () => {
      const wanted = (await follower.look()).filter((event) => isWanted(event, options)).slice(0, left);
      for (const event of wanted) output.result(lineOf(event, options, output));
      left -= wanted.length;
      return left === 0 ? 'last' : 'more';
    }, pauseMs);
    return exitCodes.done;
  });
}

function isWanted({ type }: FeedEvent, { type: types }: TailOptions): boolean {
  return types.length === 0 || types.includes(type);
}

function lineOf(event: FeedEvent, { json }: TailOptions, { paint }: Output): string {
  const delivered = asDelivered(event);
  return json ? JSON.stringify(delivered) : eventLine(delivered, paint);
}

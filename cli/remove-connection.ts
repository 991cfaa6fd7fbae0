import { confirm } from './confirm.ts';
import { executeNow } from './execute-now.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { hearEvents } from './hear-events.ts';
import { newRequest } from './new-request.ts';
import { openFeed, openRunningFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { showCount } from './show-count.ts';

export type RemoveOptions = FeedOptions & { readonly by?: string; readonly yes: boolean; readonly json: boolean };

/** Removes a connection at once, and publishes that it is gone. */
export async function removeConnection(id: string, options: RemoveOptions, output: Output): Promise<ExitCode> {
  const by = operatorName(options.by);
  const users = await withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    return (await feed.store.readState(connection.id))?.counts.live ?? 0;
  });
  if (!(await confirm(`Stop watching ${id} and its ${showCount(users)} users?`, options))) {
    output.note('nothing was removed');
    return exitCodes.failedOrHeld;
  }
  const listener = hearEvents(options, output);
  return withFeed(openRunningFeed(options, listener), async (feed) => {
    const connection = await findConnection(feed, id);
    const request = newRequest(connection.id, { by, nowMs: feed.nowMs() }, { act: 'remove_connection' });
    const isRemoved = await executeNow(feed, request);
    if (options.json) output.result(JSON.stringify({ request, isRemoved, events: listener.events }));
    else if (isRemoved) output.result(`${id} was removed by ${by}. Nobody was reported deleted.`);
    if (!isRemoved) output.note(`${id}: the request waits; the next tick removes the connection`);
    return isRemoved ? exitCodes.done : exitCodes.failedOrHeld;
  });
}

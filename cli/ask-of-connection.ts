import type { RequestedAct } from '../src/model/operator-request.ts';
import { eventLine } from './event-line.ts';
import { executeNow } from './execute-now.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { newRequest } from './new-request.ts';
import { openFeed, openRunningFeed } from './open-feed.ts';
import type { Output } from './output.ts';

/** What an operator asks of a connection, and how it is told. */
export type ConnectionAsk = {
  readonly act: RequestedAct;
  readonly by: string;
  /** Names, in JSON, whether it was done at once. */
  readonly doneName: string;
  /** The lines of an act that the next tick carries out, and of one that was carried out. */
  readonly left: readonly string[];
  readonly done: readonly string[];
  /** Where it was to be done at once, and somebody else is at the connection. */
  readonly waits: string;
};

export type AskOptions = FeedOptions & { readonly now: boolean; readonly json: boolean };

/** Has the next tick of a connection do something, or does it at once. */
export function askOfConnection(
  id: string,
  ask: ConnectionAsk,
  options: AskOptions,
  output: Output,
): Promise<ExitCode> {
  return options.now ? doNow(id, ask, options, output) : leaveRequest(id, ask, options, output);
}

async function leaveRequest(id: string, ask: ConnectionAsk, options: AskOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const request = await requestOf(feed, id, ask);
    await feed.store.writeRequest(request);
    if (options.json) output.result(JSON.stringify({ request, [ask.doneName]: false }));
    else for (const line of ask.left) output.result(line);
    return exitCodes.done;
  });
}

async function doNow(id: string, ask: ConnectionAsk, options: AskOptions, output: Output): Promise<ExitCode> {
  const listener = {
    onEvent: async (event: Parameters<typeof eventLine>[0]) => output.note(eventLine(event)),
    onFault: (where: string, error: unknown) => output.note(`${where}: ${explainError(error)}`),
  };
  return withFeed(openRunningFeed(options, listener), async (feed) => {
    await feed.save(await feed.reach.locate(await findConnection(feed, id)));
    const request = await requestOf(feed, id, ask);
    const isDone = await executeNow(feed, request);
    if (options.json) output.result(JSON.stringify({ request, [ask.doneName]: isDone }));
    else if (isDone) for (const line of ask.done) output.result(line);
    if (!isDone) output.note(`${id}: ${ask.waits}`);
    return isDone ? exitCodes.done : exitCodes.failedOrHeld;
  });
}

async function requestOf(feed: Feed, id: string, { by, act }: ConnectionAsk) {
  const connection = await findConnection(feed, id);
  return newRequest(connection.id, { by, nowMs: feed.nowMs() }, act);
}

import { composeEvents } from '../src/events/compose-events.ts';
import type { FeedEvent } from '../src/events/feed-event.ts';
import { userId as toUserId, type UserId } from '../src/model/ids.ts';
import type { LogBatch } from '../src/model/log-batch.ts';
import type { SnapshotEntry } from '../src/model/snapshot-entry.ts';
import { asDelivered } from './as-delivered.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { findEntry } from './find-entry.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import type { Paint } from './paint.ts';
import { plainText } from './plain-text.ts';
import { renderFacts } from './render-facts.ts';
import { showTime } from './show-time.ts';
import { usageFault } from './usage-fault.ts';

type Asked = readonly [connection: string, user: string];
type UserOptions = FeedOptions & { readonly json: boolean };

/** Prints what is known of one user. */
export async function showUser([id, user]: Asked, options: UserOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    const entry = await findEntry(feed, connection.id, toUserId(user));
    if (entry === undefined) throw usageFault(user, `${id} has never had such a user; ids are the vendor's`);
    const known = (await feed.protectorOf(connection.id)).protectEntry(entry);
    if (options.json) output.result(JSON.stringify({ user: shown(known) }));
    else for (const line of renderFacts(userFacts(known))) output.result(line);
    return exitCodes.done;
  });
}

/** Prints the events about one user that the log still has, and where his entry changed in silence. */
export async function showHistory([id, user]: Asked, options: UserOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    const userId = toUserId(user);
    const { protectBatch } = await feed.protectorOf(connection.id);
    let isEmpty = true;
    for await (const batch of feed.store.readLog(connection.id, 0))
      for (const line of historyLines(protectBatch(batch), userId, { ...options, paint: output.paint })) {
        output.result(line);
        isEmpty = false;
      }
    if (isEmpty)
      output.note(`the log has nothing about ${user}; ucf users show ${id} ${user} says whether he is known`);
    return exitCodes.done;
  });
}

type Telling = { readonly json: boolean; readonly paint: Paint | undefined };

function historyLines(batch: LogBatch, userId: UserId, telling: Telling): readonly string[] {
  const own = batch.transitions.filter(({ entry }) => entry.userId === userId);
  const told = own.some(({ change }) => change !== undefined) ? composeEvents(batch) : [];
  const silent = telling.json ? [] : own.filter(({ change }) => change === undefined);
  return [
    ...silent.map(({ entry }) => silentLine(batch, entry)),
    ...told.filter((event) => isAbout(event, userId)).map((event) => eventText(event, telling)),
  ];
}

function isAbout({ metadata }: FeedEvent, userId: UserId): boolean {
  return 'userId' in metadata && metadata.userId === userId;
}

function eventText(event: FeedEvent, { json, paint }: Telling): string {
  const delivered = asDelivered(event);
  return json ? JSON.stringify(delivered) : `${event.metadata.observedAt.slice(0, 10)} ${eventLine(delivered, paint)}`;
}

function silentLine({ committedAt }: LogBatch, { revision, presence }: SnapshotEntry): string {
  return `${showTime(committedAt)} (silent) revision ${revision}, ${presence}`;
}

function shown({ userId, revision, presence, observedAt, deletedAt, user }: SnapshotEntry) {
  return { userId, revision, presence, observedAt, ...(deletedAt && { deletedAt }), user };
}

function userFacts(entry: SnapshotEntry): readonly (readonly [string, string | undefined])[] {
  const { id: _, ...fields } = entry.user;
  return [
    ['user', entry.userId],
    ['presence', entry.presence.replace('_', ' ')],
    ['revision', String(entry.revision)],
    ['last changed', `${showTime(entry.observedAt)} UTC`],
    ['deleted', entry.deletedAt && `${showTime(entry.deletedAt)} UTC`],
    ...Object.entries(fields).map(([name, value]) => [name, plainText(textOf(value))] as const),
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

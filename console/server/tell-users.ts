import { findConnection } from '../../cli/find-connection.ts';
import { findEntry } from '../../cli/find-entry.ts';
import { userId } from '../../src/model/ids.ts';
import type { SnapshotEntry } from '../../src/model/snapshot-entry.ts';
import type { ToldUser, ToldUserDetail, ToldUsers } from '../api/told-user.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { listFields } from './list-fields.ts';
import { refusal } from './refusal.ts';
import { showValue } from './show-value.ts';

/** How many fit on a page, and how many are looked at for it. */
const maxShown = 100;
const maxRead = 20_000;

/** Users of a connection whose id, name or address has a text in it; tombstones too. @throws config.invalid */
export async function searchUsers(feed: ConsoleFeed, id: string, text: string): Promise<ToldUsers> {
  const connection = await findConnection(feed, id);
  const { protectEntry } = await feed.protectorOf(connection.id);
  const wanted = text.trim().toLowerCase();
  const users: ToldUser[] = [];
  let read = 0;
  for await (const entry of feed.store.walkEntries(connection.id)) {
    if (users.length === maxShown || read === maxRead) return { users: byName(users), isPartial: true };
    read += 1;
    const known = protectEntry(entry);
    if (searchedOf(known).some((one) => one?.toLowerCase().includes(wanted))) users.push(tellUser(known));
  }
  return { users: byName(users), isPartial: false };
}

/** One user, also one who is gone. @throws config.invalid where there is no such connection */
export async function tellUserDetail(feed: ConsoleFeed, id: string, user: string): Promise<ToldUserDetail> {
  const connection = await findConnection(feed, id);
  const entry = await findEntry(feed, connection.id, userId(user));
  if (entry === undefined) throw refusal(404, `${id} has never had a user with this id`);
  const known = (await feed.protectorOf(connection.id)).protectEntry(entry);
  const fields = listFields(known.user).map(([name, value]) => ({ name, value: showValue(value) }));
  return { user: tellUser(known), fields };
}

function searchedOf({ userId: id, user }: SnapshotEntry): readonly (string | undefined)[] {
  return [id, user.displayName, user.userName, ...(user.emails ?? []).map(({ value }) => value)];
}

function tellUser({ userId: id, user, revision, presence, observedAt }: SnapshotEntry): ToldUser {
  const name = user.displayName ?? user.userName ?? id;
  return { userId: id, name, status: user.status, revision, presence: presence.replace('_', ' '), observedAt };
}

function byName(users: readonly ToldUser[]): readonly ToldUser[] {
  return users.toSorted((a, b) => a.name.localeCompare(b.name));
}

import { type ConnectionId, connectionId, type HoldId, type SweepId, type UserId } from '../model/ids.ts';

/** Primary key of an item in the one table. */
export type Key = { readonly pk: string; readonly sk: string };

/** Entries of a connection are spread over so many partition keys: one takes 1,000 write units a second. */
export const entryBuckets = '0123456789abcdef';

/** Digits of a log position in a sort key: text order is number order up to a million million commits. */
const positionDigits = 12;

export const connectionPartition = (id: ConnectionId): string => `connection#${id}`;
/** Whose partition it is. */
export const connectionOf = (partition: unknown): ConnectionId =>
  connectionId(String(partition).slice('connection#'.length));
/** What marks this table, where it is kept in a folder that anybody can copy. */
export const tableMarkKey: Key = { pk: 'table', sk: 'mark' };
export const settingsKey = (id: ConnectionId): Key => ({ pk: connectionPartition(id), sk: 'settings' });
export const stateKey = (id: ConnectionId): Key => ({ pk: connectionPartition(id), sk: 'state' });
export const publishedKey = (id: ConnectionId): Key => ({ pk: connectionPartition(id), sk: 'published' });
export const projectionKey = (id: ConnectionId, version: string): Key => ({
  pk: connectionPartition(id),
  sk: `projection#${version}`,
});
export const reportPrefix = 'sweep#';
export const reportKey = (id: ConnectionId, sweepId: SweepId): Key => ({
  pk: connectionPartition(id),
  sk: `${reportPrefix}${sweepId}`,
});
export const holdPrefix = 'hold#';
export const holdKey = (id: ConnectionId, holdId: HoldId): Key => ({
  pk: connectionPartition(id),
  sk: `${holdPrefix}${holdId}`,
});
export const requestPrefix = 'request#';
export const requestKey = (id: ConnectionId, requestId: string): Key => ({
  pk: connectionPartition(id),
  sk: `${requestPrefix}${requestId}`,
});

/** Digits of a part's number in a sort key: the same for every part, so that a name never matches another's parts. */
const partDigits = 6;
export const maxPartNumber = 10 ** partDigits - 1;
export const blobPartition = (id: ConnectionId): string => `connection#${id}#blobs`;
export const blobKey = (id: ConnectionId, name: string, part: number): Key => ({
  pk: blobPartition(id),
  sk: `${name}#${String(part).padStart(partDigits, '0')}`,
});
/** The name of the blob to which a part with this sort key belongs. */
export const blobName = (sortKey: string): string => sortKey.slice(0, -partDigits - 1);

/** Sort keys of log batches begin with this: the stream's filter knows it. */
export const logPrefix = 'log#';
export const logPartition = (id: ConnectionId): string => `connection#${id}#log`;
export const logSortKey = (position: number): string => `${logPrefix}${String(position).padStart(positionDigits, '0')}`;
export const logKey = (id: ConnectionId, position: number): Key => ({ pk: logPartition(id), sk: logSortKey(position) });

export const entryPartition = (id: ConnectionId, bucket: string): string => `connection#${id}#entries#${bucket}`;
export const entryKey = (id: ConnectionId, keyHash: string, userId: UserId): Key => ({
  pk: entryPartition(id, keyHash.charAt(0)),
  sk: `${keyHash}#${userId}`,
});

export const shardPrefix = 'shard#';
export const indexPartition = (id: ConnectionId, layoutId: string): string => `connection#${id}#index#${layoutId}`;
export const shardKey = (id: ConnectionId, layoutId: string, shard: number): Key => ({
  pk: indexPartition(id, layoutId),
  sk: `${shardPrefix}${String(shard).padStart(8, '0')}`,
});
/** Which shard has this sort key. */
export const numberOfShard = (sortKey: unknown): number => Number(String(sortKey).slice(shardPrefix.length));

/** What consumers were told of the health of connections: one partition, so that it is read with one query. */
export const noticePartition = 'notices';
export const noticeKey = (id: ConnectionId): Key => ({ pk: noticePartition, sk: id });
export const placesKey = (budget: string): Key => ({ pk: `budget#${budget}`, sk: 'places' });

/** The partition of the index on the time at which a connection's health is looked at, and its name. */
export const watchIndexName = 'watch';
export const watchPartition = 'watch';

/** The partition of the index on due time, and its name. */
export const dueIndexName = 'due';
export const duePartition = 'due';

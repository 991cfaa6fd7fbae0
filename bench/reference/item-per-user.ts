import { randomBytes } from 'node:crypto';
import { unitsOfBytesRead, unitsOfWrite } from '../call-units.ts';
import { itemBytes } from '../item-size.ts';
import type { ReferenceTable } from './reference-table.ts';

/** What somebody would write first: an item for every user, read as a whole with every sweep. */
export type ItemPerUser = {
  /** Everybody, as the first sweep finds them. */
  baseline(): Promise<void>;
  /** A sweep that finds so many users changed whom no sweep before has. */
  sweep(changed: number): Promise<void>;
};

export type ItemPerUserOptions = {
  readonly table: ReferenceTable;
  readonly users: number;
  /** Of a stored item, keys and names of attributes included. */
  readonly userBytes: number;
};

const partition = 'connection#reference';
const outboxPartition = `${partition}#outbox`;
const digestBytes = 8;

/**
 * As cheap as such a design gets: one query, eventually consistent, projected to what is compared; nothing written where
 * nothing has changed; an item and an outbox item for a change, in batches of 25. It has no lease, no log, no order of
 * events, no publisher and no holds, and a crash between the two writes of a change loses an event; with a transaction, which
 * the emulator does not know, they cost twice as many units.
 */
export function createItemPerUser({ table, users, userBytes }: ItemPerUserOptions): ItemPerUser {
  const listed = new Map(Array.from({ length: users }, (_, n) => [userId(n), digestNow()]));
  let changed = 0;
  return {
    async baseline() {
      await table.table.putMany([...listed].map(([sk, digest]) => userItem(sk, digest, userBytes)));
    },
    async sweep(count) {
      for (let n = changed; n < changed + count; n += 1) listed.set(userId(n), digestNow());
      changed += count;
      const known = await readDigests(table);
      const different = [...listed].filter(([id, digest]) => !known.get(id)?.equals(digest));
      await table.table.putMany(
        different.flatMap(([id, digest]) => [userItem(id, digest, userBytes), outboxItem(id, userBytes)]),
      );
    },
  };
}

/** Its digest is what a sweep compares, its body what an event shows. */
function userItem(sk: string, digest: Uint8Array, bytes: number) {
  return padItem({ pk: partition, sk, digest }, bytes);
}

/** An event: the user before and after. */
function outboxItem(id: string, userBytes: number) {
  return padItem({ pk: outboxPartition, sk: `${id}#${Date.now()}` }, 2 * userBytes);
}

function padItem<Item extends { readonly pk: string; readonly sk: string }>(item: Item, bytes: number) {
  return { ...item, user: 'x'.repeat(Math.max(0, bytes - itemBytes({ ...item, user: '' }))) };
}

async function readDigests({ table }: ReferenceTable): Promise<ReadonlyMap<string, Buffer>> {
  const known = new Map<string, Buffer>();
  const items = table.query({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
    ProjectionExpression: 'sk, digest',
  });
  for await (const { sk, digest } of items) known.set(String(sk), Buffer.from(digest as Uint8Array));
  return known;
}

/** What a sweep reads, calculated: everybody, in one query after the other. */
export function unitsOfReading(users: number, userBytes: number): number {
  return unitsOfBytesRead(users * userBytes) / 2;
}

/** What a changed user costs it, in a batch and in a transaction. */
export function unitsOfChange(userBytes: number): { readonly batch: number; readonly transaction: number } {
  const digest = Buffer.alloc(digestBytes);
  const batch =
    unitsOfWrite(undefined, userItem(userId(0), digest, userBytes)) +
    unitsOfWrite(undefined, outboxItem(userId(0), userBytes));
  return { batch, transaction: 2 * batch };
}

function userId(n: number): string {
  return `user-${String(n).padStart(7, '0')}`;
}

function digestNow(): Buffer {
  return randomBytes(digestBytes);
}

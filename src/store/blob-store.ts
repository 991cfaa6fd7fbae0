import { createHash } from 'node:crypto';
import pMap from 'p-map';
import * as z from 'zod/mini';
import type { ConnectionId } from '../model/ids.ts';
import type { BlobStore } from '../sweep/ports.ts';
import { compress, decompress } from './gzip.ts';
import { blobKey, blobName, blobPartition, type Key, maxPartNumber } from './keys.ts';
import { readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import type { Item, TableClient } from './table-client.ts';

/** Compressed bytes in one item: well below the 400 KB that an item can have. */
const maxPartBytes = 350 * 1024;
/** Parts on their way at once. */
const parallelParts = 4;
/** How long a blob that expires is kept. */
const blobRetentionDays = 7;

const partSchema = z.instanceof(Uint8Array);
/** Part 0 says what the whole blob is. */
const headSchema = z.looseObject({ parts: z.int().check(z.positive()), rawBytes: z.int(), sha256: z.string() });

type BlobHead = z.infer<typeof headSchema>;

export function createBlobStore(table: TableClient, nowMs: () => number): BlobStore {
  const findParts = async (connectionId: ConnectionId, name: string) => {
    const first = blobKey(connectionId, name, 0).sk;
    const items = table.query({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': blobPartition(connectionId),
        ':first': first,
        ':last': blobKey(connectionId, name, maxPartNumber).sk,
      },
      ProjectionExpression: 'pk, sk',
      ConsistentRead: true,
    });
    const keys: Key[] = [];
    // Parts of a longer name that begins like a part of this one stand between them.
    for await (const item of items) if (String(item.sk).length === first.length) keys.push(item as Key);
    return keys;
  };
  return {
    async writeBlob(connectionId, name, bytes, expires) {
      const packed = await compress(bytes);
      const until = Math.floor(nowMs() / 1000) + blobRetentionDays * 86_400;
      const parts = Math.ceil(packed.length / maxPartBytes);
      const partItem = (part: number): Item & Key => ({
        ...blobKey(connectionId, name, part),
        bytes: packed.subarray(part * maxPartBytes, (part + 1) * maxPartBytes),
        ...(expires && { [ttlAttribute]: until }),
      });
      await pMap(numbersFrom1(parts), (part) => table.put(partItem(part)), { concurrency: parallelParts });
      // The head comes last: without it nobody takes what stands there for a blob.
      await table.put({ ...partItem(0), ...describeBlob(bytes, parts) });
    },
    async readBlob(connectionId, name) {
      const item = await table.get(blobKey(connectionId, name, 0));
      if (item === undefined) return undefined;
      const head = readPart(item, headSchema, item, 'blob_readable');
      const readOne = (part: number) => table.get(blobKey(connectionId, name, part));
      const others = await pMap(numbersFrom1(head.parts), readOne, { concurrency: parallelParts });
      const found = [item, ...others].filter((part) => part !== undefined);
      if (found.length < head.parts) return undefined;
      const packed = Buffer.concat(found.map((part) => readPart(part, partSchema, part.bytes, 'blob_readable')));
      const bytes = await decompress(packed);
      return bytes && isAsDescribed(bytes, head) ? new Uint8Array(bytes) : undefined;
    },
    async deleteBlobs(connectionId, names) {
      const find = (name: string) => findParts(connectionId, name);
      const keys = await pMap(new Set(names), find, { concurrency: parallelParts });
      await table.deleteMany(keys.flat());
    },
    async deleteBlobsBefore(connectionId, name, kept) {
      const names = new Set(kept);
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND sk < :name',
        ExpressionAttributeValues: { ':pk': blobPartition(connectionId), ':name': name },
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
      });
      const others: Key[] = [];
      for await (const item of items) if (!names.has(blobName(String(item.sk)))) others.push(item as Key);
      await table.deleteMany(others);
    },
  };
}

function describeBlob(bytes: Uint8Array, parts: number): BlobHead {
  return { parts, rawBytes: bytes.length, sha256: sha256Of(bytes) };
}

/** Whether these are the bytes the head was written for, and not parts of two writes. */
function isAsDescribed(bytes: Uint8Array, head: BlobHead): boolean {
  return bytes.length === head.rawBytes && sha256Of(bytes) === head.sha256;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The numbers of all parts but the head. */
function numbersFrom1(parts: number): readonly number[] {
  return Array.from({ length: parts - 1 }, (_, n) => n + 1);
}

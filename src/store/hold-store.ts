import * as z from 'zod/mini';
import { changeTypes } from '../model/change.ts';
import { type HoldRecord, holdEndings, holdReasons } from '../model/hold.ts';
import { epochMs } from '../model/instant.ts';
import type { HoldStore } from '../sweep/ports.ts';
import { compress, decompress } from './gzip.ts';
import { connectionPartition, holdKey, holdPrefix } from './keys.ts';
import { parseJson, readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import type { Item, TableClient } from './table-client.ts';

/** How long a hold that has ended is kept. */
const holdRetentionDays = 90;
/** Well below the 400 KB that an item can have. */
const maxHoldBytes = 350 * 1024;
/** Holds that one query reads: each may be as large as an item can be. */
const holdsPerQuery = 10;

const decisionSchema = z.looseObject({ verdict: z.enum(['approved', 'rejected']), by: z.string(), at: z.string() });
const recordSchema = z.looseObject({
  connectionId: z.string(),
  hold: z.looseObject({
    holdId: z.string(),
    kind: z.enum(changeTypes),
    reason: z.enum(holdReasons),
    sweepId: z.string(),
    openedAt: z.string(),
    expiresAt: z.string(),
    memberCount: z.int(),
    decision: z.optional(decisionSchema),
  }),
  preview: z.array(z.unknown()),
  end: z.optional(z.looseObject({ ending: z.enum(holdEndings), at: z.string(), settled: z.int(), dissolved: z.int() })),
});
const packedSchema = z.instanceof(Uint8Array);

export function createHoldStore(table: TableClient): HoldStore {
  return {
    async writeHold({ connectionId, hold, preview, end }) {
      const told = { connectionId, hold, ...(end && { end }) };
      const room = maxHoldBytes - Buffer.byteLength(JSON.stringify(told));
      await table.put({
        ...holdKey(connectionId, hold.holdId),
        ...told,
        preview: await packPreview(preview, room),
        ...(end && { [ttlAttribute]: Math.floor(epochMs(end.at) / 1000) + holdRetentionDays * 86_400 }),
      });
    },
    async readHold(connectionId, holdId) {
      const item = await table.get(holdKey(connectionId, holdId));
      return item === undefined ? undefined : readHoldItem(item);
    },
    async *listHolds(connectionId) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': connectionPartition(connectionId), ':prefix': holdPrefix },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: holdsPerQuery,
      });
      for await (const item of items) yield readHoldItem(item);
    },
  };
}

/** As many entries, from the first on, as there is room for. */
async function packPreview(preview: readonly unknown[], roomBytes: number): Promise<Uint8Array> {
  const packFirst = (count: number) => compress(JSON.stringify(preview.slice(0, count)));
  const whole = await packFirst(preview.length);
  if (whole.length <= roomBytes) return whole;
  let packed = await packFirst(0);
  let fitting = 0;
  let tooMany = preview.length;
  while (tooMany - fitting > 1) {
    const count = Math.floor((fitting + tooMany) / 2);
    const tried = await packFirst(count);
    if (tried.length <= roomBytes) [fitting, packed] = [count, tried];
    else tooMany = count;
  }
  return packed;
}

async function readHoldItem(item: Item): Promise<HoldRecord> {
  const packed = readPart(item, packedSchema, item.preview, 'hold_readable');
  const preview = parseJson(await decompress(packed));
  const { connectionId, hold, end } = item;
  const record = { connectionId, hold, preview, ...(end !== undefined && { end }) };
  return readPart(item, recordSchema, record, 'hold_readable') as unknown as HoldRecord;
}

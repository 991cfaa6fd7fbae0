import type { ConnectionId } from '../../../src/model/ids.ts';
import { indexPartition } from '../../../src/store/keys.ts';
import type { Item } from '../../../src/store/table-client.ts';
import type { IndexLayout } from '../../../src/sweep/connection-state.ts';
import type { IndexStore, PositionedPairChange } from '../../../src/sweep/ports.ts';
import type { StoreSettings, TestStore, TestTable } from '../../support/test-table.ts';
import { all, digestOf } from './sample-log.ts';

export const single: IndexLayout = { id: 'single', bits: 0 };
export const four: IndexLayout = { id: 'four', bits: 2 };

/** Key hashes of the first, the second and the last shard of four. */
export const [keyA, keyB, keyC] = ['0000000000000001', '7fffffffffffffff', 'ffffffffffffffff'] as const;

/** Writes a layout with nobody in it. */
export function makeLayout(
  { writeLayout }: Pick<IndexStore, 'writeLayout'>,
  id: ConnectionId,
  layout: IndexLayout,
): Promise<void> {
  const shards = Array.from({ length: 2 ** layout.bits }, () => new Uint8Array());
  return writeLayout(id, layout, shards, 0);
}

/** A store of a connection with these layouts, nobody in them. */
export async function openIndexed(
  table: TestTable,
  settings?: StoreSettings,
  layouts: readonly IndexLayout[] = [single, four],
): Promise<TestStore> {
  const opened = table.open(settings);
  for (const layout of layouts) await makeLayout(opened.store, opened.id, layout);
  opened.wire.reset();
  return opened;
}

/** A pair with the digest of a text, or none, as a log position leaves it. */
export function change(keyHash: string, text: string | null, position: number): PositionedPairChange {
  return { keyHash, digest: text === null ? null : digestOf(text), position };
}

/** A pair as text. */
export function pair(keyHash: string, text: string): string {
  return keyHash + digestOf(text);
}

/** Shards as text: a list of pairs each. */
export function readable(shards: readonly Uint8Array[]): readonly (readonly string[])[] {
  return shards.map((shard) => [...(Buffer.from(shard).toString('hex').match(/.{32}/g) ?? [])]);
}

/** What the table holds of a layout. */
export function shardItems(table: TestTable, id: ConnectionId, layout: IndexLayout): Promise<Item[]> {
  const values = { ':pk': indexPartition(id, layout.id) };
  return all(table.raw.query({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values }));
}

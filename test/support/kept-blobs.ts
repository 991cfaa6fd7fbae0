import { blobPartition } from '../../src/store/keys.ts';
import { ttlAttribute } from '../../src/store/table.ts';
import type { TestTable } from './test-table.ts';
import type { ToldStory } from './told-story.ts';

export type KeptBlobs = {
  /** Named by the state, and there. */
  readonly named: readonly string[];
  /** Named by nobody, and swept away by the table one day. */
  readonly expiring: readonly string[];
  /** Named by nobody, and there for ever. */
  readonly lost: readonly string[];
};

/** The blobs that the table holds of a connection. */
export async function keptBlobs(table: TestTable, { id, state }: Pick<ToldStory, 'id' | 'state'>): Promise<KeptBlobs> {
  const { absent, holds, checkpoint } = await state();
  const staged = checkpoint?.staged.parts.flatMap(({ prefix, rows }) => rows.map((_, at) => `${prefix}-${at}`)) ?? [];
  const walked = checkpoint?.phase === 'walk' ? [checkpoint.compared] : [];
  const names = new Set([absent.blob, ...holds.map(({ members }) => members), ...staged, ...walked]);
  const kept = { named: new Set<string>(), expiring: new Set<string>(), lost: new Set<string>() };
  const items = table.raw.query({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': blobPartition(id) },
  });
  for await (const item of items) {
    const name = String(item.sk).slice(0, -'#000000'.length);
    if (names.has(name)) kept.named.add(name);
    else if (item[ttlAttribute] === undefined) kept.lost.add(name);
    else kept.expiring.add(name);
  }
  return { named: [...kept.named], expiring: [...kept.expiring], lost: [...kept.lost] };
}

import type { ConnectionId } from '../../src/model/ids.ts';
import { blobPartition } from '../../src/store/keys.ts';
import { ttlAttribute } from '../../src/store/table.ts';
import type { MemoryStore } from './memory-store.ts';
import type { TestTable } from './test-table.ts';
import type { StoryPlace, ToldStory } from './told-story.ts';

export type KeptBlobs = {
  /** Named by the state, and there. */
  readonly named: readonly string[];
  /** Named by nobody, and swept away by the table one day. */
  readonly expiring: readonly string[];
  /** Named by nobody, and there for ever. */
  readonly lost: readonly string[];
};

type Found = { readonly name: string; readonly expires: boolean };

function* inMemory(store: unknown): Iterable<Found> {
  const { blobs } = store as MemoryStore;
  for (const [name, { expires }] of blobs) yield { name, expires };
}

async function* inTable(table: TestTable, id: ConnectionId): AsyncIterable<Found> {
  const items = table.raw.query({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': blobPartition(id) },
  });
  for await (const item of items)
    yield { name: String(item.sk).slice(0, -'#000000'.length), expires: item[ttlAttribute] !== undefined };
}

/** The blobs that the store holds of a connection. */
export async function keptBlobs(
  place: StoryPlace,
  { id, state, feed }: Pick<ToldStory, 'id' | 'state'> & { readonly feed?: ToldStory['feed'] },
): Promise<KeptBlobs> {
  const { absent, holds, checkpoint } = await state();
  const staged = checkpoint?.staged.parts.flatMap(({ prefix, rows }) => rows.map((_, at) => `${prefix}-${at}`)) ?? [];
  const walked = checkpoint?.phase === 'walk' ? [checkpoint.compared] : [];
  const names = new Set([absent.blob, ...holds.map(({ members }) => members), ...staged, ...walked]);
  const kept = { named: new Set<string>(), expiring: new Set<string>(), lost: new Set<string>() };
  for await (const { name, expires } of place === 'memory' ? inMemory(feed?.store) : inTable(place, id)) {
    if (names.has(name)) kept.named.add(name);
    else if (expires) kept.expiring.add(name);
    else kept.lost.add(name);
  }
  return { named: [...kept.named], expiring: [...kept.expiring], lost: [...kept.lost] };
}

import { keyOf } from './dynamo/memory-table.ts';
import { leaveRequest } from './operator.ts';
import { stateOf } from './table-facts.ts';
import type { World } from './world.ts';

/** Takes a shard of an index out of the table, whoever is at work on it. */
export function loseShard({ plan, random, sites, table, tally, trace }: World): void {
  const id = random.pick([...sites.keys()]);
  const layout = stateOf(table, id)?.layout;
  const shards = layout === undefined ? [] : table.partition(`connection#${id}#index#${layout.id}`);
  if (!plan.chances.has('shard_lost') || shards.length === 0) return;
  const key = keyOf(random.pick(shards));
  tally.count('shard_lost');
  trace.note(() => `  ${key.pk} ${key.sk} is lost`);
  table.put(key, undefined);
}

/** Asks for what is known of users to be made again from the log and the entries, as `ucf rebuild` does. */
export async function requestRebuild(world: World): Promise<void> {
  const { random, sites, tally, trace } = world;
  const id = random.pick([...sites.keys()]);
  tally.count('rebuild_requested');
  trace.note(() => `  an operator has ${id} rebuilt`);
  await leaveRequest(world, id, 'rebuild', { act: 'rebuild_snapshot' });
}

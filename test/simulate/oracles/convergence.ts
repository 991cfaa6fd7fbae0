import { createUserEventHandler } from '../../../src/consumer/create-user-event-handler.ts';
import { createMemoryConsumerTable } from '../../../src/consumer/memory-consumer-table.ts';
import { canonicalJson } from '../../../src/diff/canonical-json.ts';
import type { ObservedUser } from '../../../src/model/canonical-user.ts';
import { instant } from '../../../src/model/instant.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { Page } from '../../../src/model/page.ts';
import type { UserRules } from '../../../src/model/user-rules.ts';
import { entryBuckets } from '../../../src/store/keys.ts';
import { selectUsers } from '../../../src/vendors/select-users.ts';
import type { TakenEntry } from '../aws/memory-bus.ts';
import type { MemoryTable } from '../dynamo/memory-table.ts';
import { connectionIn } from '../table-facts.ts';
import type { World } from '../world.ts';
import { batchesIn } from './log-watch.ts';

/** A consumer of all events, and what he believes in the end. */
export type Convergence = { differences(): Promise<readonly string[]> };

/** What is compared of a user: what every vendor here has. */
type Facts = { readonly displayName?: unknown; readonly status?: unknown; readonly emails?: unknown };

/**
 * The consumer's table converges to the vendor's list once faults stop. He was given the list of a silent baseline, and is told
 * nothing of what an operator has rejected: whoever was last changed silently is compared as the feed's own entry.
 */
export function createConvergence(world: World): Convergence {
  const { sites, watch, taken, table } = world;
  const consumer = createMemoryConsumerTable();
  const handler = createUserEventHandler({
    table: consumer,
    applyInSameWrite: (event) => ({
      id: event.metadata.userId,
      connectionId: event.metadata.connectionId,
      epoch: event.metadata.epoch,
      facts: event.type === 'user.deleted' ? undefined : factsOf(event.data.user as Facts),
    }),
    onFailure: (failed) => {
      throw new Error(`the consumer cannot take an event: ${JSON.stringify(failed)}`);
    },
  });
  // What was published after the backup the table knows nothing of: there its entries are what converges.
  const isOfThisEpoch = (epoch: unknown) => world.restores.count === 0 || epoch === world.restores.epoch;
  let read = 0;
  const takeNew = async () => {
    const Records = taken.slice(read).map((entry, at) => toRecord(entry, `record-${read + at}`));
    read = taken.length;
    if (Records.length > 0) await handler({ Records } as never);
  };
  const believedOf = (id: string) => {
    const rows = consumer.rows().filter((row) => row.connectionId === id && isOfThisEpoch(row.epoch));
    return new Map(rows.flatMap(({ id: user, facts }) => (facts === undefined ? [] : [[String(user), String(facts)]])));
  };
  const silentOf = (id: string) => {
    const silent = silentUsers(batchesIn(world).filter((one) => one.connectionId === id && isOfThisEpoch(one.epoch)));
    if (world.restores.count === 0) return silent;
    // Somebody whose present an operator has told since may have been changed silently after that.
    return new Map([
      ...entriesOf(table, id, (user) => isOfThisEpoch(consumer.attributesOf(id, user)?.epoch)),
      ...silent,
    ]);
  };
  const compareOne = async (id: string): Promise<readonly string[]> => {
    const users = (await watch.readers.get(id)?.readAll()) ?? [];
    const present = selected(users, connectionIn(table, id)?.users).filter(({ status }) => status !== 'deleted');
    const real = new Map(present.map((user) => [user.id as string, factsOf(user)]));
    const believed = believedOf(id);
    const silent = silentOf(id);
    return [...new Set([...real.keys(), ...believed.keys(), ...silent.keys()])].flatMap((user) => {
      const known = silent.has(user) ? silent.get(user) : believed.get(user);
      if (known === real.get(user)) return [];
      return [`${id} ${user}: the vendor has ${real.get(user)}, the consumer ${known}`];
    });
  };
  return {
    async differences() {
      await takeNew();
      const all = await Promise.all([...sites.keys()].map(compareOne));
      return all.flat();
    },
  };
}

/** Who is in the list as the connection's rules cut it. */
function selected(users: readonly ObservedUser[], rules: UserRules | undefined): readonly ObservedUser[] {
  if (rules === undefined) return users;
  const page: Page = { users, rejected: [], next: null, evidence: {}, observedAt: instant(0) };
  return selectUsers(page, rules).users;
}

/** Whoever was last changed without an event, and what the feed knows of him. */
function silentUsers(batches: readonly LogBatch[]): ReadonlyMap<string, string | undefined> {
  const silent = new Map<string, string | undefined>();
  for (const { transitions } of batches)
    for (const { entry, change } of transitions) {
      if (change === undefined) silent.set(entry.userId, entry.presence === 'live' ? factsOf(entry.user) : undefined);
      else silent.delete(entry.userId);
    }
  return silent;
}

function factsOf({ displayName, status, emails }: Facts): string {
  return canonicalJson(JSON.parse(JSON.stringify({ displayName, status, emails }))) ?? '';
}

/** What the feed knows of those of whom nothing was published since the table was restored. */
function entriesOf(
  table: MemoryTable,
  id: string,
  isTold: (userId: string) => boolean,
): ReadonlyMap<string, string | undefined> {
  const items = [...entryBuckets].flatMap((bucket) => table.partition(`connection#${id}#entries#${bucket}`));
  return new Map(
    items
      .map(({ userId, user, presence }) => ({
        userId: userId?.S ?? '',
        user: user?.S ?? '{}',
        isLive: presence?.S === 'live',
      }))
      .filter(({ userId }) => !isTold(userId))
      .map(({ userId, user, isLive }) => [userId, isLive ? factsOf(JSON.parse(user) as Facts) : undefined]),
  );
}

/** An entry as a queue behind a rule of the bus has it. */
function toRecord({ detail, detailType }: TakenEntry, id: string) {
  const envelope = { version: '0', id, source: 'user-change-feed', 'detail-type': detailType };
  return { messageId: id, body: JSON.stringify({ ...envelope, detail: JSON.parse(detail) as object }) };
}

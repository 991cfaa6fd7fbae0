import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxBatchBytes, maxTransitionsPerBatch } from '../../../src/diff/batch-bounds.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { changeTypes } from '../../../src/model/change.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { LogBatch, Transition } from '../../../src/model/log-batch.ts';
import { logItem, logRetentionDays } from '../../../src/store/log-store.ts';
import { ttlAttribute } from '../../../src/store/table.ts';
import type { Item } from '../../../src/store/table-client.ts';
import { packBatches } from '../../support/pack-batches.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aHold, aRecord, aRequest } from './sample-hold.ts';
import { aBatch, all, anEventBatch, arrival, aUser, keyHashOf, noon, update, withEvent } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** Source: AWS DynamoDB developer guide, "Constraints": 400 KB an item, attribute names included. */
const maxItemBytes = 400 * 1024;

function itemBytes(item: Item): number {
  const bytes = ([name, value]: [string, unknown]) => Buffer.byteLength(name) + Buffer.byteLength(String(value));
  return Object.entries(item)
    .map(bytes)
    .reduce((sum, size) => sum + size, 0);
}

/** Transitions of one size in JSON, with everything in them that a transition can have. */
function stagedTransitions(count: number, bytes: number, letter: string): readonly StagedTransition[] {
  const build = (id: string, bio: string): StagedTransition => {
    const { change, ...transition } = withEvent(update(id, 2, { user: aUser(id, { bio }), deletedAt: noon }), 1, {
      restored: true,
      diff: { changedFields: ['bio'], before: {}, status: { from: 'active', to: 'active' } },
    });
    const { sequence: _, ...staged } = change ?? ({} as never);
    return { ...transition, change: staged };
  };
  return Array.from({ length: count }, (_, n) => {
    const id = `user-${n}`;
    const room = bytes - Buffer.byteLength(JSON.stringify(build(id, ''))) - '"bio":"",'.length;
    const letterBytes = Buffer.byteLength(JSON.stringify(letter)) - 2;
    return build(id, letter.repeat(Math.floor(room / letterBytes)));
  });
}

/** A batch as long-winded as a commit can be, around staged transitions. */
function largestBatch(connection: string, staged: readonly StagedTransition[]): LogBatch {
  const id = connectionId(connection);
  const sweep = sweepId('20261123T120000000Z-01234567');
  const conclusion = {
    lastComplete: { sweepId: sweep, startedAt: noon, directory: 'd'.repeat(2_000), scope: 's'.repeat(8_000) },
    directorySince: instant(0),
    absent: { sweepId: sweep, count: 1_000_000, blob: `absent#${sweep}` },
    holds: changeTypes.map((kind) => aHold(`${sweep}-${kind}`, { kind, fields: ['title', 'roles'], members: 'm' })),
  };
  return aBatch(id, 999_999_999_999, {
    tenantId: 't'.repeat(64),
    leaseToken: 999_999_999,
    transitions: staged.map((each, n) => ({ ...each, change: { ...each.change, sequence: 1e12 + n } }) as Transition),
    connectionChanges: [
      { sequence: 1e12, type: 'baseline_completed' },
      { sequence: 1e12, type: 'sweep_completed' },
    ],
    lastSequence: 1e12,
    previousEventPosition: 999_999_999_998,
    conclusion,
  });
}

describe(logItem, () => {
  it.each([
    { letter: 'a', what: 'plain letters' },
    { letter: '🦊', what: 'letters of four bytes' },
    { letter: '"', what: 'letters that JSON escapes' },
  ])('stays below the limit of an item at the bounds of a batch, in $what', async ({ letter }) => {
    const { store } = table.open();
    const staged = stagedTransitions(maxTransitionsPerBatch + 1, maxBatchBytes / maxTransitionsPerBatch - 1, letter);
    const packed = packBatches(staged)[0] ?? [];
    const batch = largestBatch(`full-${letter.codePointAt(0)}`, packed);

    const answer = await store.appendBatch(batch);

    expect(packed).toHaveLength(maxTransitionsPerBatch);
    expect(itemBytes(logItem(batch))).toBeGreaterThan(maxBatchBytes * 0.95);
    expect(itemBytes(logItem(batch))).toBeLessThan(maxItemBytes);
    expect(answer).toBe('appended');
    expect((await all(store.readLog(batch.connectionId, 0)))[0]).toStrictEqual(batch);
  });

  it('stays below the limit when one transition fills a batch', async () => {
    const { store } = table.open();
    const staged = stagedTransitions(2, maxBatchBytes - 1, 'a');
    const batch = largestBatch('one-transition', packBatches(staged)[0] ?? []);

    const answer = await store.appendBatch(batch);

    expect(batch.transitions).toHaveLength(1);
    expect(answer).toBe('appended');
  });

  it('expires a retention time after the commit, in whole seconds', () => {
    const committedAt = instant(Date.parse('2026-11-23T12:00:00.999Z'));

    const item = logItem(aBatch(connectionId('c'), 1, { committedAt }));

    expect(item[ttlAttribute]).toBe(Date.parse('2026-11-23T12:00:00.000Z') / 1000 + logRetentionDays * 86_400);
  });

  const id = connectionId('c');

  it.each<{ what: string; batch: LogBatch }>([
    { what: 'a user event', batch: anEventBatch(id, 1) },
    {
      what: 'an event of the sweep alone',
      batch: aBatch(id, 1, { connectionChanges: [{ sequence: 1, type: 'sweep_completed' }] }),
    },
    {
      what: 'one event among silence',
      batch: aBatch(id, 1, { transitions: [arrival('a'), withEvent(arrival('b'), 1)] }),
    },
  ])('is marked for the stream where the batch holds $what', ({ batch }) => {
    expect(logItem(batch).holdsEvents).toBe('yes');
  });

  it.each<{ what: string; batch: LogBatch }>([
    { what: 'silent transitions', batch: aBatch(id, 1, { transitions: [arrival('a'), update('b', 2)] }) },
    { what: 'nothing, as a fence', batch: aBatch(id, 1) },
  ])('has no mark where the batch holds $what', ({ batch }) => {
    expect(logItem(batch)).not.toHaveProperty('holdsEvents');
  });

  it('stands under its connection, so that the stream keeps the order of a connection', () => {
    const item = logItem(aBatch(connectionId('acme'), 42));

    expect({ pk: item.pk, sk: item.sk }).toStrictEqual({ pk: 'connection#acme#log', sk: 'log#000000000042' });
  });
});

describe('items of the table', () => {
  it('do not expire where a connection needs them', async () => {
    const worker = table.open();
    const { store, id } = worker;
    const expiring: boolean[] = [];
    worker.wire.tap((call, carryOut) => {
      const written = call.input.Item as Item | undefined;
      if (written !== undefined) expiring.push(Object.hasOwn(written, ttlAttribute));
      return carryOut();
    });

    await store.appendBatch(aBatch(id, 1));
    await store.writeEntries(id, [arrival('u').entry]);
    await store.writeLayout(id, { id: '0', bits: 0 }, [new Uint8Array()], 0);
    await store.applyPairs(
      id,
      { id: '0', bits: 0 },
      [{ keyHash: keyHashOf('u'), digest: keyHashOf('d'), position: 1 }],
      1,
    );
    await store.writeBlob(id, 'kept', new Uint8Array(1));
    await store.writeHold(aRecord(id, 'hold-1'));
    await store.writeRequest(aRequest(id, 'request-1'));
    await store.writeProjection(id, 'v', new Map([['title', '1']]));
    await store.advancePublished(id, 1);

    expect(expiring).toStrictEqual([true, ...Array(8).fill(false)]);
  });
});

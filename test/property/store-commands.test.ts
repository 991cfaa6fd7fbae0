import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionId } from '../../src/model/ids.ts';
import { createOverlayStore } from '../../src/sweep/overlay-store.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { runCount } from '../support/run-count.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { makeLayout } from '../unit/store/index-pairs.ts';
import { saveNewConnection } from '../unit/store/take-lease-for.ts';
import { readOnlyBase } from '../unit/sweep/read-only-base.ts';
import { contentCommands, foldedLayout } from './content-commands.ts';
import { leaseCommands } from './lease-commands.ts';
import { expectState, newStoreModel, type StoreModel, type StoreUnderTest } from './store-model.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

async function inTable(): Promise<StoreUnderTest> {
  const opened = table.open();
  await saveNewConnection(opened);
  await makeLayout(opened.store, opened.id, foldedLayout);
  return { store: opened.store, id: opened.id, leases: [] };
}

async function overTable(): Promise<StoreUnderTest> {
  const { store, id } = await inTable();
  return { store: createOverlayStore(readOnlyBase(store)), id, leases: [] };
}

async function inMemory(): Promise<StoreUnderTest> {
  return { store: createMemoryStore(), id: connectionId('c'), leases: [] };
}

/** Runs commands against a store and a model of it, and answers how often a lease changed hands. */
async function putToTheTest(
  open: () => Promise<StoreUnderTest>,
  commands: readonly fc.Arbitrary<fc.AsyncCommand<StoreModel, StoreUnderTest>>[],
  numRuns: number,
): Promise<number> {
  let turns = 0;
  await fc.assert(
    fc.asyncProperty(fc.commands([...commands], { size: '+1', maxCommands: 40 }), async (steps) => {
      const [model, real] = [newStoreModel(), await open()];
      await fc.asyncModelRun(() => ({ model, real }), steps);
      await expectState(real, model);
      turns += Math.max(0, real.leases.length - 1);
    }),
    { numRuns },
  );
  return turns;
}

describe.each([
  ['in a table', inTable, 20],
  ['in memory', inMemory, 200],
  ['that reads through to a table', overTable, 20],
] as const)('a store %s', (_, open, numRuns) => {
  it('lets the latest lease write and no other, in whatever order workers come, sleep and wake up', async () => {
    const turns = await putToTheTest(open, leaseCommands, runCount(numRuns));

    expect(turns).toBeGreaterThan(runCount(numRuns));
  });

  it('keeps what maps would keep, whatever is written over it', async () => {
    await putToTheTest(open, contentCommands, runCount(numRuns));
  });

  it('keeps leases and content apart', async () => {
    await putToTheTest(open, [...leaseCommands, ...contentCommands], runCount(numRuns));
  });
});

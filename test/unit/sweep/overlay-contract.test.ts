import { afterAll, beforeAll, describe } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { createOverlayStore } from '../../../src/sweep/overlay-store.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { saveNewConnection } from '../store/take-lease-for.ts';
import { readOnlyBase } from './read-only-base.ts';
import { storeContract } from './store-contract.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

async function openConnection() {
  const opened = table.open();
  await saveNewConnection(opened);
  return opened;
}

describe('a store in a table keeps the contract', () => {
  storeContract(async () => {
    const { store, id } = await openConnection();
    return { given: store, store, id };
  });
});

describe('a store in memory keeps the contract', () => {
  storeContract(async () => {
    const id = connectionId('c');
    const store = createMemoryStore((asked) => asked === id);
    return { given: store, store, id };
  });
});

describe('an overlay over what a table holds keeps the contract', () => {
  storeContract(async () => {
    const { store: base, id } = await openConnection();
    return { given: base, store: createOverlayStore(readOnlyBase(base)), id };
  });
});

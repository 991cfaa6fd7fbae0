import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import { settingsKey, stateKey } from '../../../src/store/keys.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aConnection, aState, askAt, noon } from './sample-log.ts';
import { takeLease } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** A state before there were holds, as it stands in the table. */
const { holds: _, recent: __, ...unchanged } = aState({ position: 9, sequence: 4, dueAt: noon, attempts: 2 });
const olderState = { ...unchanged, absent: { sweepId: 'sweep-9', count: 2_001, chunks: 2 } };
const readAs = aState({ position: 9, sequence: 4, dueAt: noon, attempts: 2 });

async function openWith(state: unknown) {
  const worker = table.open();
  await table.raw.put({ ...stateKey(worker.id), leaseToken: 4, due: 'due', dueAt: noon, state });
  return worker;
}

describe('a state of an older version', () => {
  it('has no holds, nothing recent and nobody absent, and is the same otherwise', async () => {
    const { store, id } = await openWith(olderState);

    expect(await store.readState(id)).toStrictEqual(readAs);
  });

  it.each([{ chunks: 0 }, { chunks: 1 }])('has nobody absent where its list had $chunks chunks', async ({ chunks }) => {
    const { store, id } = await openWith({ ...olderState, absent: { sweepId: 'sweep-9', count: chunks, chunks } });

    expect((await store.readState(id))?.absent).toStrictEqual({ sweepId: '', count: 0 });
  });

  it('can be leased, and is saved as a state of this version', async () => {
    const worker = await openWith(olderState);

    const { lease, state } = await takeLease(worker, askAt(0));
    await worker.store.saveState(lease, state);

    expect({ token: lease.token, state }).toStrictEqual({ token: 5, state: { ...readAs, attempts: 3 } });
    expect((await table.raw.get(stateKey(worker.id)))?.state).toStrictEqual({ ...readAs, attempts: 3 });
  });
});

describe('a state of this version', () => {
  it.each([
    { count: 0, sweepId: 'sweep-9' },
    { count: 3, sweepId: 'sweep-9', blob: 'absent#sweep-9' },
  ])('keeps its absent list: %o', async (absent) => {
    const { store, id } = await openWith({ ...aState(), absent });

    expect((await store.readState(id))?.absent).toStrictEqual(absent);
  });

  it.each([
    ['holds', { holds: 'none' }],
    ['hours', { recent: [{}] }],
    ['an absent list', { absent: { count: 0 } }],
  ])('is refused where it has no %s that can be read', async (_what, change) => {
    const { store, id } = await openWith({ ...aState(), ...change });

    await expect(store.readState(id)).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'state_readable' },
    });
  });
});

describe('settings of an older version', () => {
  it('have the defaults of everything that came later', async () => {
    const { store, id } = table.open();
    const { brake: _brake, protection: _protection, payload: _payload, ...rest } = aConnection(id);
    await table.raw.put({ ...settingsKey(id), connection: { ...rest, deletion: { confirmSweeps: 3 } } });

    expect(await store.readConnection(id)).toStrictEqual({
      ...rest,
      deletion: { confirmSweeps: 3, probe: true, maxProbes: 20 },
      brake: defaultBrakeRules,
      protection: { redact: [], hash: [] },
      payload: 'full',
    });
  });
});

describe('settings of this version', () => {
  it('keep what they say where there is a default', async () => {
    const { store, id } = table.open();
    const connection = aConnection(id, {
      deletion: { confirmSweeps: 1, probe: false, maxProbes: 0 },
      brake: { ...defaultBrakeRules, deleted: { maxCount: 0, maxPercent: 0, neverAbove: 0 } },
      protection: { redact: ['bio'], hash: ['emails', 'vendorAttributes.badge'] },
      payload: 'thin',
      deltaEverySeconds: 60,
    });

    await store.saveConnection(connection, () => 'key', 0);

    expect(await store.readConnection(id)).toStrictEqual(connection);
  });

  it.each([
    ['a brake without one kind', { brake: { ...defaultBrakeRules, deleted: undefined } }],
    ['a brake rule without a limit', { brake: { ...defaultBrakeRules, deleted: { maxCount: 1 } } }],
    ['a probe that is no claim', { deletion: { confirmSweeps: 2, probe: 'yes' } }],
    ['a payload nobody knows', { payload: 'none' }],
    ['a protection without hashes', { protection: { redact: [] } }],
  ])('are refused with %s', async (_, change) => {
    const { store, id, table: own } = table.open();
    await own.put({ ...settingsKey(id), connection: { ...aConnection(id), ...change } });

    await expect(store.readConnection(id)).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'settings_readable' },
    });
  });
});

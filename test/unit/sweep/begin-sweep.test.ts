import { describe, expect, it } from 'vitest';
import { createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import { fromHex } from '../../../src/diff/digest.ts';
import { sweepId } from '../../../src/model/ids.ts';
import { batchHeader } from '../../../src/sweep/batch-header.ts';
import { beginSweep, isSameBasis, projectionOf, type SweepStart } from '../../../src/sweep/begin-sweep.ts';
import type { Checkpoint } from '../../../src/sweep/checkpoint.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { SweepStore, UserList } from '../../../src/sweep/ports.ts';
import { at, keyHashOf } from '../../support/builders.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { acme, aSweep } from './a-sweep.ts';

type Given = Partial<Pick<SweepStart, 'mode' | 'checkpoint'>> & {
  readonly state?: Partial<ConnectionState>;
  readonly list?: Partial<UserList>;
  readonly store?: SweepStore;
};

/** Begins a sweep at minute 61 of a list in 'scripted directory' with the scope '{}'. */
async function begin({ state = {}, list, store = createMemoryStore(), ...start }: Given = {}) {
  const { ports, held, list: wanted, index, deadlineMs } = await aSweep({ store, state, ...(list && { list }) });
  const sweep = await beginSweep(ports, wanted, { held, index, mode: 'full', deadlineMs, ...start });
  return { sweep, ports, held, list: wanted };
}

const completeAt = (minute: number, directory = 'scripted directory', scope = '{}') => ({
  lastComplete: { sweepId: sweepId('sweep-0'), startedAt: at(minute), directory, scope },
});

describe('the basis of a sweep', () => {
  it('is that of the list as it is now', async () => {
    const { sweep, ports, list } = await begin();

    expect(sweep.basis).toStrictEqual({
      sweepId: 'sweep-1',
      mode: 'full',
      startedAt: at(61),
      purpose: 'baseline',
      directory: 'scripted directory',
      scope: '{}',
      projectionVersion: projectionOf(ports, list).version,
    });
    expect(sweep.tick).toBe(1);
  });

  it('of a delta asks for what changed since ten minutes before the last list', async () => {
    const delta = { since: at(50) };

    expect((await begin({ mode: 'delta', state: { delta } })).sweep.basis.updatedSince).toBe(at(40));
    expect((await begin({ mode: 'full', state: { delta } })).sweep.basis).not.toHaveProperty('updatedSince');
    expect((await begin({ mode: 'delta' })).sweep.basis).not.toHaveProperty('updatedSince');
  });

  it('stays as it was for a sweep that goes on', async () => {
    const checkpoint = { basis: { ...(await begin()).sweep.basis, startedAt: at(3) }, tick: 4 } as Checkpoint;

    const { sweep } = await begin({ checkpoint });

    expect(sweep.basis).toBe(checkpoint.basis);
    expect(sweep.tick).toBe(4);
  });

  it('holds as long as directory, scope and projection are the same', async () => {
    const { sweep, ports, list } = await begin();
    const holds = (given: Partial<UserList>) => {
      const now = { ...list, ...given };
      return isSameBasis(sweep.basis, now, projectionOf(ports, now));
    };

    expect(holds({})).toBe(true);
    expect(holds({ directory: 'another' })).toBe(false);
    expect(holds({ scope: '{"group":1}' })).toBe(false);
    expect(holds({ projection: [{ path: 'title' }] })).toBe(false);
    expect(holds({ protection: { redact: ['title'], hash: [] } })).toBe(false);
  });
});

describe('the meanings of a projection', () => {
  const meaningsWith = async (projectionVersion: string | undefined) => {
    const store = createMemoryStore();
    const { sweep } = await begin({ store, ...(projectionVersion && { state: { projectionVersion } }) });
    return (await store.readProjection(acme, sweep.projection.version))?.has('displayName');
  };

  it('are put on record unless those of the sweep before were the same', async () => {
    const { version } = (await begin()).sweep.projection;

    expect(await meaningsWith(undefined)).toBe(true);
    expect(await meaningsWith('another')).toBe(true);
    expect(await meaningsWith(version)).toBeUndefined();
  });
});

describe('the policy of a sweep', () => {
  const policyWith = async (given: Given) => (await begin(given)).sweep.context.policy;

  it('of a connection that was never swept is that of a baseline', async () => {
    expect(await policyWith({ list: { baseline: 'emit' } })).toStrictEqual({
      purpose: 'baseline',
      baseline: 'emit',
      sameDirectory: true,
    });
  });

  it('knows the directory by its name, and since when', async () => {
    const live = { ...completeAt(5), directorySince: at(1) };

    expect(await policyWith({ state: live })).toStrictEqual({
      purpose: 'live',
      baseline: 'silent',
      sameDirectory: true,
      directorySince: at(1),
    });
    expect(await policyWith({ state: completeAt(5) })).not.toHaveProperty('directorySince');
    expect(await policyWith({ state: { ...live, ...completeAt(5, 'another') } })).toStrictEqual({
      purpose: 'baseline',
      baseline: 'silent',
      sameDirectory: false,
    });
    expect(await policyWith({ state: { ...live, ...completeAt(5, undefined, '{"group":1}') } })).toMatchObject({
      purpose: 'rescope',
      sameDirectory: true,
      directorySince: at(1),
    });
  });

  it('knows nobody of a connection that was removed in between', async () => {
    expect(await policyWith({ state: { removedBy: 'request' } })).toMatchObject({ sameDirectory: false });
    expect(await policyWith({ state: { removedBy: 'request', ...completeAt(5) } })).toMatchObject({
      sameDirectory: true,
    });
  });

  it.each([
    ['before any list was complete', {}, true],
    ['before a list that began later was complete', completeAt(4), true],
    ['since a list that began with it was complete', completeAt(5), false],
    ['since a list that began later was complete', completeAt(6), false],
  ])('knows of entries that were lost: %s', async (_, state, isOpen) => {
    const { loss } = await policyWith({ state: { ...state, loss: { at: at(5), position: 12 } } });

    expect(loss).toStrictEqual({ revision: 12, isOpen });
  });
});

describe('what a sweep begins with', () => {
  it('is the list of those who were absent, and which sweep has written it', async () => {
    const store = createMemoryStore();
    const builder = createAbsentListBuilder();
    builder.add({ keyHash: keyHashOf('1'), missedSweeps: 3 });
    await store.writeBlob(acme, 'absent', builder.build());
    const absent = { sweepId: sweepId('sweep-0'), count: 1, blob: 'absent' };

    const { prior } = (await begin({ store, state: { absent, ...completeAt(5) } })).sweep;

    expect([...prior.list.users()]).toStrictEqual([{ keyHash: keyHashOf('1'), missedSweeps: 3 }]);
    expect(prior).toMatchObject({ sweepId: 'sweep-0', ...completeAt(5) });
  });

  it('is nobody where nobody was absent, and no sweep to count on from where the list is gone', async () => {
    const nobody = { sweepId: sweepId('sweep-0'), count: 0 };
    const { prior } = (await begin({ state: { absent: nobody } })).sweep;
    expect([prior.list.count, prior.sweepId, 'lastComplete' in prior]).toStrictEqual([0, 'sweep-0', false]);

    const gone = (await begin({ state: { absent: { ...nobody, count: 4, blob: 'gone' } } })).sweep.prior;
    expect([gone.list.count, 'sweepId' in gone]).toStrictEqual([0, false]);
  });

  it('are the holds with their members, as far as anybody is one, and none in a baseline', async () => {
    const memory = createMemoryStore();
    const read: unknown[] = [];
    const readBlob: SweepStore['readBlob'] = (id, name) => {
      read.push(name);
      return memory.readBlob(id, name);
    };
    const { hold } = aKnownHold();
    const { members: _, ...status } = hold;
    await memory.writeBlob(acme, 'hold/hold-1', fromHex(keyHashOf('42') + '0'.repeat(16)));
    const holds = [hold, status, { ...hold, members: 'gone' }];

    const { sweep } = await begin({ store: { ...memory, readBlob }, state: { holds, ...completeAt(5) } });

    expect(sweep.holds.map((known) => known.hold)).toStrictEqual(holds);
    expect(sweep.holds.map(({ members }) => members.count)).toStrictEqual([1, 0, 0]);
    expect(read).toStrictEqual(['hold/hold-1', 'gone']);
    expect((await begin({ state: { holds } })).sweep.holds).toStrictEqual([]);
  });

  it('masks with the key of the connection', async () => {
    const list = { protection: { redact: [], hash: ['title' as const] } };
    const hashed = async (digestKey: string) =>
      (await begin({ list, state: { digestKey } })).sweep.protector.protectUser({ title: 'Dr' } as never);

    expect(await hashed('one')).toStrictEqual(await hashed('one'));
    expect(await hashed('one')).not.toStrictEqual(await hashed('other'));
    expect((await begin()).sweep.protector.protectUser({ title: 'Dr' } as never)).toStrictEqual({ title: 'Dr' });
  });
});

describe(batchHeader, () => {
  it('says whose batch it is, and under which lease it was written', async () => {
    const { list, held } = await begin({ state: { epoch: 3 } });
    const header = {
      connectionId: 'acme',
      tenantId: 'tenant',
      vendor: 'scripted',
      mappingVersion: 1,
      epoch: 3,
      committedAt: at(7),
      leaseToken: 1,
    };

    expect(batchHeader(list, held, Date.parse(at(7)))).toStrictEqual(header);
    expect(batchHeader({ ...list, payload: 'thin' }, held, Date.parse(at(7)))).toStrictEqual({
      ...header,
      payload: 'thin',
    });
  });
});

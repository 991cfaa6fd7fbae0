import { describe, expect, it } from 'vitest';
import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import { FeedError } from '../../../src/model/feed-error.ts';
import { connectionId, userId } from '../../../src/model/ids.ts';
import { epochMs } from '../../../src/model/instant.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import type { ProbeAsk, UserList } from '../../../src/sweep/ports.ts';
import { probeAbsent } from '../../../src/sweep/probe-absent.ts';
import type { Sweep } from '../../../src/sweep/sweep.ts';
import type { WalkedList } from '../../../src/sweep/walk-list.ts';
import { anEntry, at, aUser, keyHashOf } from '../../support/builders.ts';
import { knownUsersOfFile } from '../../support/known-users.ts';

const knowUsers = knownUsersOfFile();
const deadlineMs = epochMs(at(2));

type Given = {
  readonly list?: Partial<UserList>;
  /** What each question takes. */
  readonly askMs?: number;
  readonly missing: readonly (string | Partial<AbsentUser>)[];
  readonly entries?: readonly SnapshotEntry[];
};

/** Asks about users of a list that showed somebody, two minutes before the tick ends; a vendor knows none of them. */
async function probe({ list: settings, askMs = 0, missing, entries }: Given) {
  const clock = { nowMs: epochMs(at(0)) };
  const asked: string[] = [];
  const read: string[] = [];
  const known = entries ?? missing.map((one) => anEntry({ user: aUser({ id: nameOf(one) }) }));
  const list = {
    connectionId: connectionId('c'),
    isNarrowed: false,
    deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
    probeAbsence: async (ask: ProbeAsk) => {
      expect([ask.controlUserId, ask.deadlineMs]).toStrictEqual(['listed', deadlineMs]);
      asked.push(ask.userId);
      clock.nowMs += askMs;
      return 'gone' as const;
    },
    ...settings,
  };
  const readEntriesByKeyHash = async (_: unknown, keyHash: string) => {
    read.push(keyHash);
    return known.filter((entry) => entry.keyHash === keyHash);
  };
  const ports = { nowMs: () => clock.nowMs, store: { readEntriesByKeyHash } };
  const sweep = { list, ports, basis: { purpose: 'live' }, deadlineMs, holds: [] } as unknown as Sweep;
  const comparison = { counts: { listedUser: userId('listed') }, seen: { wasExcluded: () => false } };
  const builder = createAbsentListBuilder();
  for (const one of missing)
    builder.add({ keyHash: keyHashOf(nameOf(one)), missedSweeps: 1, ...(typeof one === 'string' ? {} : one) });
  const probed = probeAbsent(sweep, { comparison } as unknown as WalkedList, createAbsentList(builder.build()));
  return { asked, read, probed };
}

const nameOf = (one: string | Partial<AbsentUser>) => (typeof one === 'string' ? one : (one.userId ?? '42'));

describe(probeAbsent, () => {
  it('asks about nobody who shares his key hash: he is left to the count of sweeps', async () => {
    const { asked, read, probed } = await probe({ missing: ['a', { userId: userId('sharer') }] });

    expect(await probed).toMatchObject({ gone: 1, present: 0, unknown: 0 });
    expect([asked, read.length]).toStrictEqual([['a'], 1]);
  });

  it('reads nothing about anybody where the vendor cannot be asked', async () => {
    const { read, probed } = await probe({ missing: ['a'], list: { probeAbsence: undefined as never } });

    expect((await probed).answers.size).toBe(0);
    expect(read).toStrictEqual([]);
  });

  it('asks nothing about whoever is known as deleted, or is not known any more', async () => {
    const entries = [anEntry({ user: aUser({ id: 'a', status: 'deleted' }) })];

    const { asked, probed } = await probe({ missing: ['a', 'b'], entries });

    expect((await probed).answers.size).toBe(0);
    expect(asked).toStrictEqual([]);
  });

  it('asks nothing more once the time of the tick is over', async () => {
    const { asked, probed } = await probe({ missing: ['a', 'b', 'c', 'd'], askMs: 60_000 });

    expect((await probed).gone).toBe(2);
    expect(asked).toHaveLength(2);
  });

  it('asks about so many, those first who would count as gone', async () => {
    const missing = ['a', 'b', 'c', 'd'].map((name, n) => ({ keyHash: keyHashOf(name), missedSweeps: 1 + (n % 2) }));
    const entries = ['a', 'b', 'c', 'd'].map((name) => anEntry({ user: aUser({ id: name }) }));
    const deletion = { confirmSweeps: 2, probe: true, maxProbes: 3 };

    const { asked, probed } = await probe({ missing, entries, list: { deletion } });

    expect((await probed).gone).toBe(3);
    expect([asked.slice(0, 2).toSorted(), asked.length]).toStrictEqual([['b', 'd'], 3]);
  });

  it('learns nothing from a vendor that is down, and ends with any other fault', async () => {
    const down = new FeedError('vendor.unavailable', 'the vendor answered 503', { vendor: 'v', address: 'http://x' });
    const fault = new FeedError('store.unavailable', 'the table does not answer', { item: 'entry' });
    const failing = (error: Error) => probe({ missing: ['a'], list: { probeAbsence: () => Promise.reject(error) } });

    expect(await (await failing(down)).probed).toMatchObject({ gone: 0, unknown: 1 });
    await expect((await failing(fault)).probed).rejects.toBe(fault);
  });
});

describe('a probe', () => {
  it('is not made where the list shows nobody whom the vendor could be asked about besides', async () => {
    const asked: ProbeAsk[] = [];
    const probeAbsence = async (ask: ProbeAsk) => {
      asked.push(ask);
      return 'gone' as const;
    };
    const story = await knowUsers(3, { probeAbsence });
    story.remove(story.ids);
    story.vendor.traps = { rejected: [{ id: userId('u1'), reason: 'email: expected string' }] };

    const report = await story.sweep();

    expect([report.outcome, report.counts.missing, report.counts.deleted]).toStrictEqual(['complete', 2, 0]);
    expect([asked, 'probes' in report]).toStrictEqual([[], false]);
  });
});

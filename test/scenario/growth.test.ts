import { beforeAll, describe, expect, it } from 'vitest';
import { unitsOfBytesRead } from '../../bench/call-units.ts';
import { measureIdleDispatch } from '../../bench/idle-dispatch.ts';
import { startMeteredFeed, type Use } from '../../bench/metered-feed.ts';
import type { Units } from '../../bench/table-meter.ts';

/** What grows shows with small numbers, too; `npm run test:long` takes larger ones. */
const times = process.env.EVERY_CALL === '1' ? 5 : 1;
const sizes = [100, 200, 400].map((users) => users * times);
const userBytes = 1_000;

type Cost = { readonly users: number; readonly unchanged: Use; readonly one: Use; readonly indexBytes: number };

async function costOf(users: number): Promise<Cost> {
  // Everybody has an entry: a sweep that read them would show.
  const feed = await startMeteredFeed(users, { userBytes, changeable: users });
  try {
    await feed.sweep();
    const unchanged = await feed.sweep();
    const indexBytes = await feed.indexBytes();
    feed.change(1);
    return { users, unchanged, one: await feed.sweep(), indexBytes };
  } finally {
    await feed.close();
  }
}

const same = (values: readonly number[]) => values.map(() => values[0]);

describe('a sweep of more users', () => {
  const costs: Cost[] = [];
  beforeAll(async () => {
    for (const users of sizes) costs.push(await costOf(users));
  }, 240_000);

  it('that finds nothing writes the same', () => {
    const writes = costs.map(({ unchanged }) => unchanged.writes);

    expect(writes).toStrictEqual(same(writes));
    expect(writes[0]).toBeLessThanOrEqual(10);
  });

  it('that finds nothing reads more by what its index is larger, and by nothing else', () => {
    const besides = costs.map(({ unchanged, indexBytes }) => unchanged.reads - unitsOfBytesRead(indexBytes));

    expect(besides).toStrictEqual(same(besides));
    expect(besides[0]).toBeLessThanOrEqual(12);
  });

  it('calls the table as often', () => {
    const calls = costs.map(({ unchanged }) => unchanged.requests);

    expect(calls).toStrictEqual(same(calls));
  });

  it('has an index of 17 bytes a user at most', () => {
    expect(costs.filter(({ users, indexBytes }) => indexBytes > 17 * users)).toStrictEqual([]);
  });

  it('that finds one change reads and writes as much more for it', () => {
    const reads = costs.map(({ one, unchanged }) => one.reads - unchanged.reads);

    expect(reads).toStrictEqual(same(reads));
    expect(costs.map(({ one }) => one.events)).toStrictEqual(sizes.map(() => 1));
    expect(Math.max(...costs.map(({ one }) => one.writes))).toBeLessThanOrEqual(20);
  });
});

describe('changes of one sweep', () => {
  it('cost ten times as much where they are ten times as many, and not more', async () => {
    const feed = await startMeteredFeed(400 * times, { userBytes, changeable: 88 * times });
    try {
      await feed.sweep();
      const none = await feed.sweep();
      const use: Use[] = [];
      for (const count of [8 * times, 80 * times]) {
        feed.change(count);
        use.push(await feed.sweep());
      }
      const [few, many] = use.map(({ reads, writes, requests }) => ({
        reads: reads - none.reads,
        writes: writes - none.writes,
        requests: requests - none.requests,
      }));

      expect(many?.reads).toBeLessThanOrEqual(10 * (few?.reads ?? 0));
      expect(many?.writes).toBeLessThanOrEqual(10 * (few?.writes ?? 0));
      expect(many?.requests).toBeLessThanOrEqual(10 * (few?.requests ?? 0));
    } finally {
      await feed.close();
    }
  }, 120_000);
});

describe('a dispatcher with nobody due', () => {
  it('reads the same for however many connections, and never 10 units a minute', async () => {
    const units: Units[] = [];
    for (const connections of [10, 100, 200 * times]) units.push(await measureIdleDispatch(connections));

    // Whom to look at is asked for a hundred at a time: the keys of ten take half a unit less.
    expect(units.map(({ read }) => read)).toStrictEqual([3.5, 4, 4]);
    expect(units.map(({ write }) => write)).toStrictEqual([0, 0, 0]);
    expect(new Set(units.map(({ requests }) => requests)).size).toBe(1);
  }, 120_000);
});

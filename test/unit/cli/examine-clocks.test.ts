import { describe, expect, it } from 'vitest';
import { explainSkew } from '../../../cli/clock-skew.ts';
import { examineClocks } from '../../../cli/examine-clocks.ts';
import { type ConnectionId, connectionId } from '../../../src/model/ids.ts';
import type { FeedStore } from '../../../src/store/create-store.ts';
import { aConnection } from '../store/sample-log.ts';

const nowMs = Date.parse('2026-11-23T08:00:00Z');
const dateAt = (seconds: number) => new Date(nowMs + seconds * 1_000).toUTCString();

const addresses: Readonly<Record<string, string>> = {
  one: 'https://projects.example/a',
  two: 'https://projects.example/b',
  here: 'http://127.0.0.1:9',
  far: 'https://far.example',
};

function feedOf(runtime: 'embedded' | 'deployed') {
  const readConnection = async (id: ConnectionId) => aConnection(id, { baseUrl: addresses[id] ?? '' });
  const store: Partial<FeedStore> = { readConnection };
  return {
    runtime,
    store: store as FeedStore,
    nowMs: () => nowMs,
    connections: async () => Object.keys(addresses).map(connectionId),
  };
}

describe(explainSkew, () => {
  it.each([
    [59, undefined],
    [-59, undefined],
    [61, 'the clock of this machine is 61 s behind that of AWS'],
    [-300, 'the clock of this machine is 300 s ahead of that of AWS'],
  ])('tells of a clock that is %d seconds off: %s', (seconds, said) => {
    expect(explainSkew(dateAt(seconds), nowMs, 'AWS')).toBe(said);
  });

  it.each([undefined, null, '', 'yesterday'])('concludes nothing from a header such as %j', (header) => {
    expect(explainSkew(header, nowMs, 'AWS')).toBeUndefined();
  });
});

describe(examineClocks, () => {
  it('asks every vendor once, and none on this machine', async () => {
    const asked: string[] = [];
    const found = await examineClocks(feedOf('embedded'), async (origin) => {
      asked.push(origin);
      return dateAt(0);
    });

    expect([asked.toSorted(), found]).toStrictEqual([['https://far.example', 'https://projects.example'], []]);
  });

  it('finds the clock that differs and the vendor that does not answer', async () => {
    const found = await examineClocks(feedOf('embedded'), async (origin) => {
      if (origin === 'https://far.example') throw new Error('ENOTFOUND');
      return dateAt(-3_600);
    });

    expect(found.map(({ kind, message }) => [kind, message])).toStrictEqual([
      ['clock_skew', 'the clock of this machine is 3600 s ahead of that of https://projects.example'],
      ['vendor_unreachable', 'https://far.example does not answer from this machine'],
    ]);
  });

  it('asks nobody for a stack, whose sweeps run elsewhere', async () => {
    const found = await examineClocks(feedOf('deployed'), () => Promise.reject(new Error('asked')));

    expect(found).toStrictEqual([]);
  });
});

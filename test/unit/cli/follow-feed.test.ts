import { describe, expect, it } from 'vitest';
import { followFeed } from '../../../cli/follow-feed.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import { FeedError } from '../../../src/model/feed-error.ts';
import { type ConnectionId, connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { FeedStore } from '../../../src/store/create-store.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { anEventBatch, aState, noon } from '../store/sample-log.ts';

const acme = connectionId('acme');
const globex = connectionId('globex');

/** Logs that grow; each batch has one event, whose sequence is its position. */
function growingLogs() {
  const logs = new Map<ConnectionId, LogBatch[]>();
  const isDown = new Set<ConnectionId | 'list'>();
  const removed = new Set<ConnectionId>();
  /** Whose log breaks off behind its next batch, once. */
  const breaks = new Set<ConnectionId>();
  let expired = 0;
  const refuse = (what: ConnectionId | 'list', isSure = false) => {
    if (isSure || isDown.has(what)) throw new FeedError('store.unavailable', `${what} is not answered`, {} as never);
  };
  const store: Partial<FeedStore> = {
    async readState(id): Promise<ConnectionState | undefined> {
      refuse(id);
      const last = logs.get(id)?.at(-1);
      return last && aState({ position: last.position, sequence: last.lastSequence });
    },
    async *readLog(id, after) {
      for (const batch of logs.get(id) ?? []) {
        if (batch.position <= Math.max(after, expired)) continue;
        yield batch;
        if (breaks.delete(id)) refuse('list', true);
      }
    },
    async firstBatchAfter(id: ConnectionId, after: number) {
      return (logs.get(id) ?? []).find(({ position }) => position > Math.max(after, expired));
    },
  };
  return {
    isDown,
    removed,
    breaks,
    expire: (upTo: number) => {
      expired = upTo;
    },
    commit(id: ConnectionId, atSecond: number) {
      const log = logs.get(id) ?? [];
      const committedAt = instant(Date.parse(noon) + atSecond * 1_000);
      logs.set(id, [...log, anEventBatch(id, log.length + 1, { committedAt })]);
    },
    add: (id: ConnectionId) => logs.set(id, []),
    feed: {
      store: store as FeedStore,
      protectorOf: async () => createProtector({ redact: [], hash: [] }, 'key'),
      async connections() {
        refuse('list');
        return [...logs.keys()].filter((id) => !removed.has(id));
      },
    },
  };
}

async function follow(from?: number) {
  const logs = growingLogs();
  logs.commit(acme, 1);
  logs.commit(globex, 2);
  const faults: string[] = [];
  const follower = await followFeed(logs.feed, {
    ...(from !== undefined && { from: instant(Date.parse(noon) + from * 1_000) }),
    onFault: (text) => void faults.push(text),
  });
  const look = async () =>
    (await follower.look()).map(({ metadata }) => `${metadata.connectionId} ${metadata.sequence}`);
  return { ...logs, follower, faults, look };
}

describe(followFeed, () => {
  it('tells what is committed from now on, once, in the order of the commits', async () => {
    const { commit, look, follower } = await follow();

    const first = await look();
    commit(globex, 5);
    commit(acme, 4);
    commit(globex, 6);

    expect([follower.size, first]).toStrictEqual([2, []]);
    expect(await look()).toStrictEqual(['acme 2', 'globex 2', 'globex 3']);
    expect(await look()).toStrictEqual([]);
  });

  it('begins with a time where it is given one', async () => {
    const { look } = await follow(2);

    expect(await look()).toStrictEqual(['globex 1']);
    expect(await look()).toStrictEqual([]);
  });

  it('makes up for a look that failed, and says once that it fails and once that it no longer does', async () => {
    const { commit, look, isDown, faults } = await follow();

    isDown.add(acme);
    commit(acme, 3);
    commit(globex, 4);
    const during = [await look(), await look()];
    isDown.clear();
    const after = [await look(), await look()];

    expect(during).toStrictEqual([['globex 2'], []]);
    expect(after).toStrictEqual([['acme 2'], []]);
    expect(faults).toStrictEqual([
      'acme: acme is not answered; it is looked at again until it answers',
      'everything answers again, and nothing was left out',
    ]);
  });

  it('tells nothing twice, and leaves nothing out, where a log breaks off in the middle', async () => {
    const { commit, look, breaks } = await follow();

    for (const second of [3, 4, 5]) commit(acme, second);
    breaks.add(acme);

    expect([await look(), await look()]).toStrictEqual([[], ['acme 2', 'acme 3', 'acme 4']]);
  });

  it('goes on with those it knows while nobody lists the connections', async () => {
    const { commit, look, isDown, faults } = await follow();

    isDown.add('list');
    commit(acme, 3);

    expect(await look()).toStrictEqual(['acme 2']);
    expect(faults).toHaveLength(1);
  });

  it('follows a connection that is added meanwhile from its first event on', async () => {
    const { commit, look } = await follow();

    const initech = connectionId('initech');
    commit(initech, 3);
    const found: string[] = [];
    for (let looks = 0; looks < 6; looks += 1) found.push(...(await look()));

    expect(found).toStrictEqual(['initech 1']);
  });

  it('tells nothing twice of a connection that was removed and is back', async () => {
    const { commit, look, removed } = await follow();

    removed.add(acme);
    commit(acme, 3);
    const found = [await look(), await look(), await look(), await look(), await look(), await look()];
    removed.clear();
    commit(acme, 9);
    for (let looks = 0; looks < 6; looks += 1) found.push(await look());

    expect(found.flat()).toStrictEqual(['acme 2', 'acme 3']);
  });

  it('says which events are gone, and goes on behind them', async () => {
    const { commit, look, expire, faults } = await follow();

    for (const second of [3, 4, 5]) commit(acme, second);
    expire(3);
    const during = await look();
    commit(acme, 6);

    expect(during).toStrictEqual([]);
    expect(faults).toStrictEqual([expect.stringMatching(/^acme: events after sequence 1 are gone.*present end on$/)]);
    expect(await look()).toStrictEqual(['acme 5']);
  });
});

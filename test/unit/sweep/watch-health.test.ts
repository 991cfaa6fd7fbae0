import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/model/connection.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import type { ConnectionNotice } from '../../../src/model/notice.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { DispatchPorts, WatchedConnection } from '../../../src/sweep/dispatch-ports.ts';
import type { SweepReport } from '../../../src/sweep/sweep-report.ts';
import { openHealthRound } from '../../../src/sweep/watch-health.ts';
import { at } from '../../support/builders.ts';
import { aConnection, aState } from '../store/sample-log.ts';

const id = connectionId('acme');
const nowMs = Date.parse(at(60));

type Given = {
  readonly notices?: readonly ConnectionNotice[];
  readonly watched?: readonly WatchedConnection[];
  readonly reports?: readonly Partial<SweepReport>[];
  /** Whether somebody else is always faster. */
  readonly isLate?: boolean;
};

/** One dispatcher at minute 60, its store and its bus. */
async function aRound({ notices = [], watched = [], reports = [], isLate = false }: Given = {}) {
  const kept = new Map(notices.map((notice) => [notice.connectionId, notice]));
  const moved: unknown[] = [];
  const published: (readonly ConnectionNotice[])[] = [];
  let read = 0;
  const ports = {
    store: {
      async *listNotices() {
        yield* notices;
      },
      async *watchedConnections() {
        for (const one of watched) {
          read += 1;
          yield one;
        }
      },
      async *listReports() {
        yield* reports;
      },
      async writeNotice(notice: ConnectionNotice) {
        if (isLate) return false;
        expect(notice.revision).toBe(kept.get(notice.connectionId)?.revision ?? 0);
        kept.set(notice.connectionId, { ...notice, revision: notice.revision + 1 });
        return true;
      },
      deleteNotice: async (notice: ConnectionNotice) => !isLate && kept.delete(notice.connectionId),
      watchAgain: async (...asked: unknown[]) => void moved.push(asked),
    },
    publish: async (told: readonly ConnectionNotice[]) => void published.push(told),
  } as unknown as DispatchPorts;
  const round = await openHealthRound(ports, nowMs);
  return { round, kept, moved, published, read: () => read };
}

const completeAt = (minutes: number) => ({
  lastComplete: { sweepId: sweepId('s'), startedAt: at(minutes), directory: 'd', scope: '{}' },
});

/** A connection that was swept completely ten minutes ago, and is looked at in time. */
const seen = (state: Partial<ConnectionState> = {}, settings: Partial<Connection> = {}) => ({
  connection: aConnection(id, settings),
  state: aState({ ...completeAt(50), watchAt: at(95), ...state }),
});

const failingNow = { failures: 3, watchAt: at(60) };
const aNotice = (given: Partial<ConnectionNotice> = {}): ConnectionNotice => ({
  connectionId: id,
  tenantId: 'tenant',
  vendor: 'openproject',
  failing: { since: at(40), epoch: 1, lastCompleteAt: at(10), reason: { code: 'ticks_died' }, failures: 3 },
  pending: [],
  revision: 4,
  ...given,
});

describe('the connections that are watched', () => {
  const watch = (count: number, minutes: number) =>
    Array.from({ length: count }, (_, n) => ({ connectionId: connectionId(`${minutes}-${n}`), watchAt: at(minutes) }));

  it('are those whose time has come and the next one, fifty at a time', async () => {
    const { round, read } = await aRound({ watched: [...watch(100, 60), ...watch(3, 61)] });

    expect(round.watched.map((group) => group.length)).toStrictEqual([50, 50, 1]);
    expect(round.watched.at(-1)).toStrictEqual([{ connectionId: '61-0', watchAt: at(61) }]);
    expect(read()).toBe(101);
  });

  it('are none where there is no connection', async () => {
    expect((await aRound()).round.watched).toStrictEqual([]);
  });

  it('are remembered once they were seen', async () => {
    const { round } = await aRound();

    round.markSeen([id, connectionId('other')]);

    expect(['acme', 'other', 'third'].map((name) => round.isSeen(connectionId(name)))).toStrictEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('a look at a connection', () => {
  it.each([
    ['moves a look whose time has come', at(60), 1],
    ['finds a time where there is none', undefined, 1],
    ['leaves one alone that is to come', at(61), 0],
  ])('%s', async (_, watchAt, count) => {
    const { round, moved } = await aRound();
    const { connection, state } = seen();
    const { watchAt: __, ...rest } = state;

    await round.lookAt({ connection, state: { ...rest, ...(watchAt && { watchAt }) } });

    expect(moved).toStrictEqual(Array(count).fill([id, watchAt, '2026-11-23T09:35:00.001Z']));
  });

  it('puts on record what is told of it, and that it was told', async () => {
    const { round, kept, published } = await aRound({
      reports: [{ failure: { code: 'vendor.forbidden', message: 'no' } }],
    });

    await round.lookAt(seen(failingNow));
    const before = kept.get(id);
    await round.publish();
    await round.publish();

    const failing = {
      since: at(60),
      epoch: 1,
      lastCompleteAt: at(50),
      reason: { code: 'vendor.forbidden' },
      failures: 3,
    };
    const notice = { connectionId: id, tenantId: 'tenant', vendor: 'openproject', failing };
    expect(before).toStrictEqual({ ...notice, pending: ['failing'], revision: 1 });
    expect(published).toStrictEqual([[before]]);
    expect(kept.get(id)).toStrictEqual({ ...notice, pending: [], revision: 2 });
  });

  it('says nothing that was told already', async () => {
    const { round, kept, published } = await aRound({ notices: [aNotice()] });

    await round.lookAt(seen(failingNow));
    await round.publish();

    expect([published, kept.get(id)]).toStrictEqual([[], aNotice()]);
  });

  it('forgets what was told once it has told of the recovery', async () => {
    const { round, kept, published } = await aRound({ notices: [aNotice()] });

    await round.lookAt(seen());
    const before = kept.get(id);
    await round.publish();

    expect(before).toMatchObject({ pending: ['recovered'], recovered: { since: at(60) }, revision: 5 });
    expect(published).toStrictEqual([[before]]);
    expect([...kept]).toStrictEqual([]);
  });

  it('leaves the telling to whoever was faster', async () => {
    const { round, published } = await aRound({ isLate: true });

    await round.lookAt(seen(failingNow));
    await round.publish();

    expect([published, round.summary().failing]).toStrictEqual([[], 0]);
  });
});

describe('a look at a connection that is paused', () => {
  const paused = seen(failingNow, { paused: true });

  it('tells nothing, and forgets what was told', async () => {
    const { round, kept, published } = await aRound({ notices: [aNotice()] });

    await round.lookAt(paused);
    await round.publish();

    expect([published, [...kept], round.summary()]).toStrictEqual([[], [], { failing: 0, stale: 0 }]);
  });

  it('keeps what is not on the bus yet, and publishes it', async () => {
    const notice = aNotice({ pending: ['failing'] });
    const { round, published } = await aRound({ notices: [notice] });

    await round.lookAt(paused);
    await round.publish();

    expect(published).toStrictEqual([[notice]]);
  });

  it('goes on counting what somebody else is forgetting', async () => {
    const { round } = await aRound({ notices: [aNotice()], isLate: true });

    await round.lookAt(paused);

    expect(round.summary().failing).toBe(1);
  });

  it('may be one of which nothing was told', async () => {
    const { round, kept } = await aRound();

    await round.lookAt(paused);

    expect([...kept]).toStrictEqual([]);
  });
});

describe('the reason of a failing connection', () => {
  it.each<[string, readonly Partial<SweepReport>[], Partial<ConnectionState>, string]>([
    ['the fault of the last report', [{ failure: { code: 'a', message: '' }, deniedBy: ['vetoed'] }, {}], {}, 'a'],
    ['the rule that its list broke', [{ deniedBy: ['vetoed', 'list_moved'] }], {}, 'vetoed'],
    ['its ticks, where the last report has no fault', [{ deniedBy: [] }], {}, 'ticks_died'],
    ['its ticks, where there is no report', [], {}, 'ticks_died'],
    ['its ticks, where no sweep has failed', [{ deniedBy: ['vetoed'] }], { failures: 0, attempts: 4 }, 'ticks_died'],
  ])('is %s', async (_, reports, state, code) => {
    const { round, kept } = await aRound({ reports });

    await round.lookAt(seen({ ...failingNow, ...state }));

    expect(kept.get(id)?.failing?.reason).toStrictEqual({ code });
  });
});

describe('the summary of a round', () => {
  const { failing: _, ...plain } = aNotice();
  const stale = { since: at(40), epoch: 1, lastCompleteAt: at(20) };

  it('counts who is failing and who is stale, and nobody who has recovered', async () => {
    const other = (name: string) => ({ connectionId: connectionId(name) });
    const notices = [
      aNotice(),
      { ...aNotice({ stale }), ...other('both') },
      { ...plain, ...other('stale'), stale: { since: at(40), epoch: 1 } },
      { ...aNotice({ recovered: stale, stale: { ...stale, lastCompleteAt: at(0) } }), ...other('well') },
    ];

    const { round } = await aRound({ notices });

    expect(round.summary()).toStrictEqual({ failing: 2, stale: 2, oldestCompleteSeconds: 40 * 60 });
  });

  it.each<[string, Partial<ConnectionState>[], number | undefined]>([
    ['the oldest of those that were looked at', [completeAt(50), completeAt(30), completeAt(40)], 1_800],
    ['one that was made lately and never swept', [{ lastComplete: undefined, createdAt: at(45) } as never], 900],
    ['none whose beginning nobody knows', [{ lastComplete: undefined } as never], undefined],
    ['never less than nothing', [completeAt(61)], 0],
  ])('says how old the oldest complete sweep is: %s', async (_what, states, seconds) => {
    const { round } = await aRound();

    for (const state of states) await round.lookAt(seen(state));

    expect(round.summary().oldestCompleteSeconds).toBe(seconds);
  });
});

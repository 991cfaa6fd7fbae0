import { describe, expect, it } from 'vitest';
import { maxPublishSilenceMs, maxSilenceMs, type StackSweeping, sweepOnStack } from '../../../cli/sweep-on-stack.ts';
import { sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { SweepMode } from '../../../src/model/log-batch.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { SweepReport } from '../../../src/sweep/sweep-report.ts';
import { aConnection, aState } from '../store/sample-log.ts';
import { acme } from './sample-feed.ts';

const startMs = Date.parse('2026-11-23T12:00:00.000Z');
const minuteMs = 60_000;

/** What is seen of the stack from some time on, in milliseconds after the start. */
type Scene = {
  readonly atMs: number;
  readonly state?: Partial<ConnectionState>;
  readonly report?: SweepReport;
  readonly isGone?: boolean;
  readonly published?: number;
};

function aReport(name: string, startedMs: number, mode: SweepMode = 'full'): SweepReport {
  return { connectionId: acme, sweepId: sweepId(name), mode, startedAt: instant(startMs + startedMs) } as SweepReport;
}

function openAt(name: string, tick: number, pages: number): Partial<ConnectionState> {
  const checkpoint = { phase: 'walk', basis: { sweepId: name }, tick, progress: { evidence: { pages } } };
  return { checkpoint: checkpoint as unknown as NonNullable<ConnectionState['checkpoint']> };
}

/** A stack that plays these scenes while it is watched, on a clock of its own. */
function aStack(...scenes: readonly Scene[]) {
  let passedMs = 0;
  const sent: unknown[] = [];
  const suspended: number[] = [];
  const slept: number[] = [];
  const last = <Key extends keyof Scene>(key: Key) =>
    scenes.filter((scene) => scene.atMs <= passedMs && scene[key] !== undefined).at(-1)?.[key];
  const sweeping: StackSweeping = {
    store: {
      readConnection: async () => (last('isGone') ? undefined : aConnection(acme)),
      readState: async () => aState(last('state') ?? {}),
      readPublished: async () => last('published') ?? 0,
      async *listReports() {
        const report = last('report');
        if (report !== undefined) yield report;
      },
    },
    readEpoch: async (known) => known,
    queue: {
      async send(messages) {
        sent.push(...messages);
        return [];
      },
    },
    follow: () => ({ tell: async ({ position }) => (last('published') ?? 0) >= position }),
    onSuspended: (pages) => suspended.push(pages),
    nowMs: () => startMs + passedMs,
    async sleep(ms) {
      slept.push(ms);
      passedMs += ms;
    },
    explainSilence: (id, minutes) => `${id} was silent for ${minutes} minutes`,
  };
  const sweep = (mode?: SweepMode) => sweepOnStack(sweeping, acme, mode);
  return { sweeping, sweep, sent, suspended, slept, passedMs: () => passedMs };
}

describe(sweepOnStack, () => {
  it('asks without a due time, in the group of the tenant, and answers with the report of the new sweep', async () => {
    const { sweep, sent } = aStack(
      { atMs: 0, report: aReport('old', -minuteMs) },
      { atMs: 900, state: { attempts: 1 } },
      { atMs: 2_000, state: { attempts: 0 }, report: aReport('new', 900) },
    );

    expect(await sweep('full')).toStrictEqual({ kind: 'swept', report: aReport('new', 900) });
    expect(sent).toStrictEqual([{ message: { connectionId: acme, mode: 'full' }, tenantId: 'tenant' }]);
  });

  it('takes no report for the end of a sweep that still commits', async () => {
    const { sweep, passedMs } = aStack(
      { atMs: 0, report: aReport('old', -minuteMs) },
      { atMs: 500, state: { attempts: 1 }, report: aReport('new', 500) },
      { atMs: 40_000, state: { attempts: 0 } },
    );

    await sweep();

    expect(passedMs()).toBeGreaterThanOrEqual(40_000);
  });

  it('tells of ticks that are over, and how many pages each has read, but of none that only committed', async () => {
    const { sweep, suspended } = aStack(
      { atMs: 0, report: aReport('old', -minuteMs) },
      { atMs: 1_000, state: openAt('new', 2, 400) },
      { atMs: 9_000, state: { ...openAt('new', 2, 400), attempts: 1 } },
      { atMs: 20_000, state: openAt('new', 3, 1_000) },
      { atMs: 25_000, state: openAt('new', 4, 1_000) },
      { atMs: 30_000, state: { attempts: 0 }, report: aReport('new', 500) },
    );

    await sweep();

    expect(suspended).toStrictEqual([400, 600]);
  });

  it('asks once more where another worker was at work, whose sweep began before', async () => {
    const { sweep, sent } = aStack(
      { atMs: 0, state: { attempts: 1 } },
      { atMs: 3_000, state: { attempts: 0 }, report: aReport('before', -minuteMs) },
      { atMs: 9_000, report: aReport('after', 8_000) },
    );

    expect(await sweep()).toStrictEqual({ kind: 'swept', report: aReport('after', 8_000) });
    expect(sent).toHaveLength(2);
  });

  it('asks once more where a delta was due at the same time and a full sweep is wanted', async () => {
    const { sweep, sent } = aStack(
      { atMs: 0 },
      { atMs: 3_000, report: aReport('delta', 1_000, 'delta') },
      { atMs: 9_000, report: aReport('full', 8_000) },
    );

    expect(await sweep('full')).toMatchObject({ report: { sweepId: 'full' } });
    expect(sent).toHaveLength(2);
  });

  it('goes on with a sweep that was open before', async () => {
    const { sweep, sent } = aStack(
      { atMs: 0, state: openAt('open', 3, 7) },
      { atMs: 2_000, state: { attempts: 0 }, report: aReport('open', -minuteMs) },
    );

    expect(await sweep('full')).toMatchObject({ report: { sweepId: 'open' } });
    expect(sent).toHaveLength(1);
  });

  it('ends with a connection that is removed, once its settings are gone', async () => {
    const { sweep, passedMs } = aStack(
      { atMs: 0 },
      { atMs: 1_000, state: { removedAt: instant(startMs) } },
      { atMs: 5_000, isGone: true },
    );

    expect(await sweep()).toStrictEqual({ kind: 'removed' });
    expect(passedMs()).toBeGreaterThanOrEqual(5_000);
  });

  it('gives up where nothing has moved for longer than a tick can last, and says where to look', async () => {
    const { sweep, passedMs } = aStack({ atMs: 0 }, { atMs: 10 * minuteMs, state: { attempts: 1 } });

    await expect(sweep()).rejects.toThrow('acme was silent for 20 minutes');
    expect(passedMs()).toBeGreaterThanOrEqual(10 * minuteMs + maxSilenceMs);
    expect(passedMs()).toBeLessThan(11 * minuteMs + maxSilenceMs);
  });

  it('looks ever more rarely, at most every five seconds', async () => {
    const { sweep, slept } = aStack({ atMs: 0 }, { atMs: 30_000, report: aReport('new', 0) });

    await sweep();

    expect(slept.slice(0, 3)).toStrictEqual([50, 100, 200]);
    expect(slept.slice(7, 9)).toStrictEqual([5_000, 5_000]);
  });

  it('waits until everything is on the bus, but not for a bus that takes nothing', async () => {
    const ended = { atMs: 1_000, state: { lastEvent: { position: 4 } }, report: aReport('new', 0) };
    const slow = aStack({ atMs: 0 }, ended, { atMs: 20_000, published: 4 });
    const stuck = aStack({ atMs: 0 }, ended);

    await slow.sweep();
    await stuck.sweep();

    expect(slow.passedMs()).toBeGreaterThanOrEqual(20_000);
    expect(slow.passedMs()).toBeLessThan(maxPublishSilenceMs);
    expect(stuck.passedMs()).toBeGreaterThan(maxPublishSilenceMs);
    expect(stuck.passedMs()).toBeLessThan(maxPublishSilenceMs + 10_000);
  });

  it('asks for nothing where sweeps of the stack have stopped, or the connection is unknown', async () => {
    const stopped = aStack({ atMs: 0 });
    const gone = aStack({ atMs: 0, isGone: true });
    const refuse = async () => Promise.reject(new Error('the table was restored'));

    await expect(sweepOnStack({ ...stopped.sweeping, readEpoch: refuse }, acme)).rejects.toThrow('restored');
    expect(await gone.sweep()).toStrictEqual({ kind: 'unknown' });
    expect([...stopped.sent, ...gone.sent]).toStrictEqual([]);
  });

  it('says so where the queue does not take the message', async () => {
    const { sweeping } = aStack({ atMs: 0 });
    const full: StackSweeping['queue'] = { send: async (messages) => messages };

    await expect(sweepOnStack({ ...sweeping, queue: full }, acme)).rejects.toThrow('try again');
  });
});

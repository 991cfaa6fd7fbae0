import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/model/connection.ts';
import { connectionId, sweepId } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import type { ConnectionNotice } from '../../../../src/model/notice.ts';
import type { ConnectionState } from '../../../../src/sweep/connection-state.ts';
import { type Health, judgeHealth, nextNotice } from '../../../../src/sweep/judge-health.ts';
import { minuteMs, noon, noonMs } from '../../../support/dispatch-under-test.ts';
import { aConnection, aState } from '../../store/sample-log.ts';

const threeIntervalsMs = 45 * minuteMs;
const acme = connectionId('acme');
const completeAt = (ms: number) => ({
  lastComplete: { sweepId: sweepId('s'), startedAt: instant(ms), directory: 'd', scope: '{}' },
});

/** A connection that is swept every fifteen minutes, at noon. */
function judge(state: Partial<ConnectionState>, settings: Partial<Connection> = {}): Health {
  return judgeHealth({ connection: aConnection(acme, settings), state: aState(state) }, noonMs);
}

describe(judgeHealth, () => {
  it('finds a connection well until three intervals after its last complete sweep began', () => {
    expect(judge(completeAt(noonMs - threeIntervalsMs))).toStrictEqual({
      isFailing: false,
      isStale: false,
      isResting: false,
      watchAt: instant(noonMs + 1),
    });
    expect(judge(completeAt(noonMs - threeIntervalsMs - 1))).toStrictEqual({
      isFailing: false,
      isStale: true,
      isResting: false,
      watchAt: instant(noonMs + threeIntervalsMs),
    });
  });

  it('counts from when a connection was made that has never completed, and from now where nobody knows', () => {
    expect(judge({ createdAt: instant(noonMs - threeIntervalsMs - 1) }).isStale).toBe(true);
    expect(judge({})).toMatchObject({ isStale: false, watchAt: instant(noonMs + threeIntervalsMs + 1) });
  });

  it.each([
    ['two sweeps that failed', { failures: 2 }, false],
    ['three sweeps that failed', { failures: 3 }, true],
    ['three ticks that died', { attempts: 3 }, false],
    ['four ticks that died', { attempts: 4 }, true],
  ])('judges failing by %s', (_, state, isFailing) => {
    expect(judge({ ...state, createdAt: noon }).isFailing).toBe(isFailing);
  });

  it('expects nothing of a connection that rests, and looks again a while after its rest', () => {
    const bad = { failures: 9, createdAt: instant(0) };
    const resting = { isFailing: false, isStale: false, isResting: true };

    expect(judge(bad, { paused: true })).toStrictEqual({ ...resting, watchAt: instant(noonMs + threeIntervalsMs) });
    expect(judge(bad, { maintenance: [{ from: '11:30', to: '12:30' }] })).toStrictEqual({
      ...resting,
      watchAt: instant(noonMs + 30 * minuteMs + threeIntervalsMs),
    });
  });
});

const well: Health = { isFailing: false, isStale: false, isResting: false, watchAt: noon };
const earlier = instant(noonMs - minuteMs);
const failing = { since: earlier, epoch: 1, reason: { code: 'vendor.timeout' }, failures: 3 };
const stale = { since: earlier, epoch: 1 };
const recovered = { since: earlier, epoch: 1 };
const aNotice = (given: Partial<ConnectionNotice>): ConnectionNotice => ({
  connectionId: acme,
  tenantId: 'tenant',
  vendor: 'openproject',
  pending: [],
  revision: 4,
  ...given,
});

/** What is told at noon of a connection with three failures whose last complete sweep began a minute before. */
function next(before: ConnectionNotice | undefined, health: Partial<Health>, state: Partial<ConnectionState> = {}) {
  const seen = {
    connection: aConnection(acme),
    state: aState({ epoch: 2, failures: 3, ...completeAt(noonMs - minuteMs), ...state }),
  };
  const readReason = async () => ({ code: 'vendor.forbidden' });
  return nextNotice(before, { seen, health: { ...well, ...health }, nowMs: noonMs, readReason });
}
const now = { since: noon, epoch: 2, lastCompleteAt: earlier };

describe(nextNotice, () => {
  it('tells nothing of a connection that was well and is', async () => {
    expect(await next(undefined, {})).toBeUndefined();
    const known = aNotice({ failing, recovered });
    expect(await next(known, {})).toBe(known);
  });

  it('tells of one that fails, and why', async () => {
    expect(await next(undefined, { isFailing: true })).toStrictEqual(
      aNotice({
        failing: { ...now, reason: { code: 'vendor.forbidden' }, failures: 3 },
        pending: ['failing'],
        revision: 0,
      }),
    );
  });

  it('tells of one that is stale, and of none of its complete sweeps where there was none', async () => {
    expect(await next(undefined, { isStale: true })).toStrictEqual(
      aNotice({ stale: now, pending: ['stale'], revision: 0 }),
    );
    const seen = { connection: aConnection(acme), state: aState() };
    const health = { ...well, isStale: true };
    const ask = { seen, health, nowMs: noonMs, readReason: async () => ({ code: '' }) };
    expect((await nextNotice(undefined, ask))?.stale).toStrictEqual({ since: noon, epoch: 1 });
  });

  it('tells of what has come to it, beside what is on its way', async () => {
    expect(await next(aNotice({ failing, pending: ['failing'] }), { isFailing: true, isStale: true })).toStrictEqual(
      aNotice({ failing, stale: now, pending: ['failing', 'stale'] }),
    );
    expect(await next(aNotice({ stale }), { isFailing: true, isStale: true })).toMatchObject({
      stale,
      failing: { since: noon },
      pending: ['failing'],
    });
  });

  it('tells nothing twice', async () => {
    const known = aNotice({ failing, stale });

    expect(await next(known, { isFailing: true, isStale: true })).toBe(known);
    expect(await next(known, { isFailing: true })).toBe(known);
    expect(await next(known, { isStale: true })).toBe(known);
  });

  it('tells that it is well again, with what it was', async () => {
    expect(await next(aNotice({ failing, stale }), {})).toStrictEqual(
      aNotice({ failing, stale, recovered: now, pending: ['recovered'] }),
    );
  });

  it('tells each type once that is not known to have arrived', async () => {
    const before = aNotice({ stale, recovered, pending: ['stale', 'recovered'] });

    expect(await next(before, { isStale: true })).toStrictEqual(
      aNotice({ stale: now, pending: ['stale', 'recovered'] }),
    );
  });

  it('asks why only where a failure is news', async () => {
    const ask = { seen: { connection: aConnection(acme), state: aState() }, nowMs: noonMs };
    const readReason = async () => {
      throw new Error('nobody wants to know');
    };

    const before = aNotice({ failing });
    expect(await nextNotice(before, { ...ask, health: { ...well, isFailing: true }, readReason })).toBe(before);
    expect(await nextNotice(undefined, { ...ask, health: well, readReason })).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { composeNotices } from '../../../../src/events/compose-notices.ts';
import { type Instant, instant } from '../../../../src/model/instant.ts';
import type { DispatchedConnection } from '../../../../src/sweep/dispatch-ports.ts';
import { judgeHealth, nextNotice } from '../../../../src/sweep/judge-health.ts';

const hourMs = 3_600_000;
const settings = { id: 'acme', tenantId: 'acme', vendor: 'leen', everySeconds: 300 };

/** A connection whose last complete sweep began then. */
function seenSince(startedAt: Instant): DispatchedConnection {
  const state = { epoch: 1, failures: 0, attempts: 0, lastComplete: { startedAt } };
  return { connection: settings, state } as unknown as DispatchedConnection;
}

describe('nextNotice', () => {
  // Seed 60 of 2026-11-23: a dispatcher lost the answer to its call, and the connection was well again before the next one.
  it('tells of a stale connection under one id the same, also when it has recovered before that was known to have arrived', async () => {
    const readReason = async () => ({ code: 'unknown' });
    const lookAt = (before: Parameters<typeof nextNotice>[0], seen: DispatchedConnection, nowMs: number) =>
      nextNotice(before, { seen, health: judgeHealth(seen, nowMs), nowMs, readReason });

    const stale = await lookAt(undefined, seenSince(instant(0)), hourMs);
    const recovered = await lookAt(stale, seenSince(instant(hourMs + 1)), hourMs + 60_000);

    const [told] = stale === undefined ? [] : composeNotices(stale);
    const again = recovered === undefined ? [] : composeNotices(recovered);
    expect(told?.type).toBe('connection.stale');
    expect(again.filter(({ metadata }) => metadata.eventId === told?.metadata.eventId)).toStrictEqual([told]);
  });
});

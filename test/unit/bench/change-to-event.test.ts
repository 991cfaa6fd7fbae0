import { describe, expect, it } from 'vitest';
import { measureChanges } from '../../../bench/latency/change-to-event.ts';

describe(measureChanges, () => {
  it('finds one tick and one call of the bus between a page and its event, whichever round', async () => {
    const measured = await measureChanges(3);

    expect(measured.map(({ ticks, busCalls }) => ({ ticks, busCalls }))).toStrictEqual(
      Array.from({ length: 3 }, () => ({ ticks: 1, busCalls: 1 })),
    );
    // Entry, log, index and state at the least; those before the page and after the event do not count.
    expect(new Set(measured.map(({ tableCalls }) => tableCalls)).size).toBe(1);
    expect(measured[0]?.tableCalls).toBeGreaterThan(5);
    expect(measured[0]?.tableCalls).toBeLessThan(20);
  }, 30_000);
});

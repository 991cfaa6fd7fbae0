import { describe, expect, it } from 'vitest';
import { walkSlowly } from '../../../bench/waiting/walk-slowly.ts';

describe(walkSlowly, () => {
  it.each(['openproject', 'yuuvis', 'delay'] as const)(
    'reads the same pages of %s with as many requests, whether they are asked for ahead or not',
    async (vendor) => {
      const ask = { vendor, pages: 6, pageMs: 5 };

      const ahead = await walkSlowly({ ...ask, isAhead: true });
      const inTurn = await walkSlowly({ ...ask, isAhead: false });

      expect(ahead.pages).toBeGreaterThanOrEqual(6);
      expect({ pages: ahead.pages, requests: ahead.requests }).toStrictEqual({
        pages: inTurn.pages,
        requests: inTurn.requests,
      });
      expect(inTurn.mostAtOnce).toBe(1);
      expect(ahead.mostAtOnce).toBeGreaterThan(2);
    },
  );
});

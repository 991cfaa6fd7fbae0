import { describe, expect, it } from 'vitest';
import { entryFaults, parseEntry } from './parse-connections.ts';

describe('requestBudget', () => {
  it.each([
    ['10s', 10_000],
    ['1s', 1_000],
    ['1h', 3_600_000],
  ])('reads 50 requests per %s', (per, perMs) => {
    expect(parseEntry({ requestBudget: { requests: 50, per } }).requestBudget).toStrictEqual({ requests: 50, perMs });
  });

  it('is left out where there is none', () => {
    expect(parseEntry()).not.toHaveProperty('requestBudget');
  });

  it.each([
    [{ requests: 0, per: '10s' }, 'requestBudget.requests: expected at least 1, found 0'],
    [{ requests: 1.5, per: '10s' }, 'requestBudget.requests: expected a whole number, found 1.5'],
    [{ requests: 100_001, per: '10s' }, 'requestBudget.requests: expected at most 100000, found 100001'],
    [{ per: '10s' }, 'requestBudget.requests: is missing; expected a number'],
    [{ requests: 5 }, 'requestBudget.per: is missing; expected a duration like 30s, 15m, 12h or 7d'],
    [
      { requests: 5, per: 10 },
      'requestBudget.per: expected a duration like 30s, 15m, 12h or 7d, found 10: a duration has a unit, e.g. "10s"',
    ],
    [{ requests: 5, per: '0s' }, 'requestBudget.per: expected 1s to 1h, found "0s"'],
    [{ requests: 5, per: '2h' }, 'requestBudget.per: expected 1s to 1h, found "2h"'],
    [{ requests: 5, per: '1s', burst: 9 }, 'requestBudget.burst: unknown key: remove it (known here: requests, per)'],
    [50, 'requestBudget: expected an object, found 50'],
  ])('refuses %j', (requestBudget, fault) => {
    expect(entryFaults({ requestBudget })).toStrictEqual([fault]);
  });
});

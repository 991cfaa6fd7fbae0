import { describe, expect, it } from 'vitest';
import { brakeLimit, readBrake } from '../../../src/diff/brake.ts';
import { defaultBrakeRules } from '../../../src/model/brake.ts';

const rule = { maxCount: 25, maxPercent: 5, neverAbove: 500 };

describe(brakeLimit, () => {
  it.each([
    [0, 25],
    [500, 25],
    [519, 25],
    [520, 26],
    [9_999, 499],
    [10_000, 500],
    [10_020, 500],
    [1_000_000, 500],
  ])('of %i live users is the count, the share rounded down, or what is never exceeded: %i', (liveUsers, limit) => {
    expect(brakeLimit(rule, liveUsers)).toBe(limit);
  });

  it('has no end where the rule names none', () => {
    expect(brakeLimit({ maxCount: 100, maxPercent: 50 }, 1_000_000)).toBe(500_000);
  });

  it('is what is never exceeded even where the count is more', () => {
    expect(brakeLimit({ maxCount: 25, maxPercent: 0, neverAbove: 3 }, 100)).toBe(3);
  });

  it('is by default small for what takes access away, and large for the rest', () => {
    const limits = Object.entries(defaultBrakeRules).map(([kind, given]) => [kind, brakeLimit(given, 100_000)]);

    expect(Object.fromEntries(limits)).toStrictEqual({
      deleted: 500,
      status_changed: 500,
      updated: 50_000,
      created: 100_000,
    });
  });
});

describe(readBrake, () => {
  const liveUsers = 100;

  it.each([
    [25, 0],
    [15, 10],
    [0, 25],
    [0, 1_000],
  ])('lets %i changes pass after %i', (found, recent) => {
    expect(readBrake(rule, { found, recent, liveUsers })).toBeUndefined();
  });

  it.each([
    [26, 0],
    [16, 10],
    [1, 25],
  ])('holds %i changes after %i, and says what it compared', (found, recent) => {
    expect(readBrake(rule, { found, recent, liveUsers })).toStrictEqual({ found, recent, liveUsers, limit: 25 });
  });
});

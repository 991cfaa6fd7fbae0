import { describe, expect, it } from 'vitest';
import { judgeLoss } from '../../../src/diff/collapse.ts';

describe(judgeLoss, () => {
  it.each([
    [1, 1],
    [9, 9],
    [1_000, 1_000],
    [3, 0],
  ])('takes a list for empty that shows nobody of %i live users, %i of them lost', (liveBefore, lost) => {
    expect(judgeLoss({ liveBefore, lost, seen: 0 })).toBe('list_empty');
  });

  it.each([
    [10, 6],
    [11, 6],
    [1_000, 501],
  ])('takes a list for collapsed that lost, of %i live users, %i', (liveBefore, lost) => {
    expect(judgeLoss({ liveBefore, lost, seen: liveBefore - lost })).toBe('list_collapsed');
  });

  it.each([
    [9, 8],
    [10, 5],
    [1_001, 500],
    [10, 0],
  ])('finds nothing where a list lost, of %i live users, %i', (liveBefore, lost) => {
    expect(judgeLoss({ liveBefore, lost, seen: liveBefore - lost })).toBeUndefined();
  });

  it('finds nothing in an empty list of nobody', () => {
    expect(judgeLoss({ liveBefore: 0, lost: 0, seen: 0 })).toBeUndefined();
  });

  it('finds a collapse behind newcomers, however many they are', () => {
    expect(judgeLoss({ liveBefore: 10, lost: 6, seen: 500 })).toBe('list_collapsed');
  });
});

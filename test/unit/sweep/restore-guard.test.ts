import { describe, expect, it } from 'vitest';
import { epochOf, explainVerdict, judgeTable } from '../../../src/sweep/restore-guard.ts';

const place = { place: 'epoch.json', recovery: 'ucf doctor --recover' };

describe('judgeTable', () => {
  it.each([
    ['names it', ['a'], 'a', 2, 'current'],
    ['names it, and the one before', ['b', 'a'], 'a', 2, 'current'],
    ['names no table yet', [], 'a', 2, 'unclaimed'],
    ['names another one', ['b'], 'a', 2, 'restored'],
    ['names another one, and is behind', ['b'], 'a', 3, 'restored'],
    ['is behind a connection', ['a'], 'a', 3, 'ahead'],
    ['names no table, and is behind a connection', [], 'a', 3, 'ahead'],
    ['names it, and no connection was looked at', ['a'], 'a', 0, 'current'],
  ])('knows the table where the mark %s', (_what, tables, table, known, kind) => {
    expect(judgeTable({ epoch: 2, tables }, table, known)).toStrictEqual({ kind, epoch: 2 });
  });
});

describe('epochOf', () => {
  it.each(['current', 'unclaimed'] as const)('lets sweeps go on: %s', (kind) => {
    expect(epochOf({ kind, epoch: 7 }, place)).toBe(7);
    expect(explainVerdict({ kind, epoch: 7 }, place)).toBe(undefined);
  });

  it.each([
    ['restored', 'restored from a backup or replaced: epoch.json names another one, at epoch 7'],
    ['ahead', 'a connection has a higher epoch than epoch.json, which says 7'],
  ] as const)('stops them, and says what happened and what to do: %s', (kind, what) => {
    const fault = expect.objectContaining({
      code: 'store.restored',
      disposition: 'operator',
      context: { epoch: 7 },
      message: expect.stringMatching(new RegExp(`${what}.*: ucf doctor --recover$`)),
    });

    expect(() => epochOf({ kind, epoch: 7 }, place)).toThrow(fault);
  });
});

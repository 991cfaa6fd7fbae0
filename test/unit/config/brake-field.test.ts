import { describe, expect, it } from 'vitest';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import { entryFaults, parseEntry } from './parse-connections.ts';

describe('brake', () => {
  it.each([undefined, {}, { deleted: {} }])('has every default with %j', (brake) => {
    expect(parseEntry({ brake }).brake).toStrictEqual(defaultBrakeRules);
  });

  it.each([
    [{ deleted: { maxCount: 3 } }, { deleted: { maxCount: 3, maxPercent: 5, neverAbove: 500 } }],
    [{ deleted: { maxCount: 0, maxPercent: 0 } }, { deleted: { maxCount: 0, maxPercent: 0, neverAbove: 500 } }],
    [{ status_changed: { neverAbove: 25 } }, { status_changed: { maxCount: 25, maxPercent: 5, neverAbove: 25 } }],
    [{ updated: { maxPercent: 1000 } }, { updated: { maxCount: 100, maxPercent: 1000 } }],
    [{ created: { neverAbove: 5000 } }, { created: { maxCount: 1000, maxPercent: 100, neverAbove: 5000 } }],
  ])('changes with %j what it names, and nothing else', (brake, changed) => {
    expect(parseEntry({ brake }).brake).toStrictEqual({ ...defaultBrakeRules, ...changed });
  });

  it.each([
    [{ deleted: { maxPercent: 100.5 } }, 'deleted.maxPercent: expected at most 100, found 100.5'],
    [{ status_changed: { maxPercent: 101 } }, 'status_changed.maxPercent: expected at most 100, found 101'],
    [{ updated: { maxPercent: 1001 } }, 'updated.maxPercent: expected at most 1000, found 1001'],
    [{ created: { maxPercent: -1 } }, 'created.maxPercent: expected at least 0, found -1'],
    [{ created: { maxCount: -1 } }, 'created.maxCount: expected at least 0, found -1'],
    [{ updated: { maxCount: 2.5 } }, 'updated.maxCount: expected a whole number, found 2.5'],
    [{ updated: { neverAbove: '7' } }, 'updated.neverAbove: expected a number, found "7"'],
    [{ updated: 5 }, 'updated: expected an object, found 5'],
    [{ update: {} }, 'update: unknown key, did you mean "updated"?'],
    [{ deleted: { maxcount: 1 } }, 'deleted.maxcount: unknown key, did you mean "maxCount"?'],
  ])('refuses %j', (brake, fault) => {
    expect(entryFaults({ brake })).toStrictEqual([`brake.${fault}`]);
  });

  it.each([
    ['deleted', { maxCount: 30, neverAbove: 29 }, 30, 29, 'maxCount is 25 and neverAbove 500'],
    ['deleted', { maxCount: 600 }, 600, 500, 'maxCount is 25 and neverAbove 500'],
    ['created', { neverAbove: 999 }, 1000, 999, 'maxCount is 1000 and neverAbove nothing'],
  ])('refuses for %s %j, of which neverAbove lets less pass than maxCount', (kind, rule, count, cap, defaults) => {
    expect(entryFaults({ brake: { [kind]: rule } })).toStrictEqual([
      `brake.${kind}.neverAbove: expected at least maxCount (${count}), found ${cap}: where they are left out, ${defaults}`,
    ]);
  });

  it('says everything that is wrong with a rule at once', () => {
    const brake = { deleted: { maxCount: 600, maxPercent: 'all', more: 1 }, created: { maxCount: 'many' } };

    expect(entryFaults({ brake }).map((fault) => fault.split(':')[0])).toStrictEqual([
      'brake.created.maxCount',
      'brake.deleted.maxPercent',
      'brake.deleted.more',
      'brake.deleted.neverAbove',
    ]);
  });
});

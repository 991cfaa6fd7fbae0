import { describe, expect, it } from 'vitest';
import { absorbLostFields, lostFields, maskLostFields } from '../../../src/diff/lost-fields.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import type { FieldPath } from '../../../src/model/projected-field.ts';
import { aContext, aDeparture, anEntry, aSuspect, aUser, depart, digestOf, observe } from '../../support/builders.ts';

const context = aContext();
const before = aUser({ title: 'Dr', groups: [{ id: 'g1' }], vendorAttributes: { admin: true, team: 'blue' } });

/** What a user without some of his fields, and otherwise changed, would do. */
function lose(fields: readonly string[], more: Parameters<typeof aUser>[0] = {}, from = before): StagedTransition {
  const user = { ...from, ...more, ...Object.fromEntries(fields.map((field) => [field, undefined])) };
  return observe(
    aSuspect({ entry: anEntry({ user: from }), user: JSON.parse(JSON.stringify(user)) }),
  ) as StagedTransition;
}

const mask = (transition: StagedTransition, ...fields: readonly FieldPath[]) =>
  maskLostFields(transition, new Set(fields), context);
const absorb = (transition: StagedTransition, ...fields: readonly FieldPath[]) =>
  absorbLostFields(transition, new Set(fields));

describe(lostFields, () => {
  it('are those that were there before and are absent after', () => {
    const transition = lose(['title', 'rawStatus', 'vendorAttributes'], {
      displayName: 'Ada L.',
      groups: [{ id: 'g2' }],
    });

    expect(lostFields(transition)).toStrictEqual(['rawStatus', 'title', 'vendorAttributes.admin']);
  });

  it('are none of somebody who appears, leaves or changes silently', () => {
    expect(lostFields(observe(aSuspect({ user: aUser() })) as StagedTransition)).toStrictEqual([]);
    expect(lostFields(depart(aDeparture()) as StagedTransition)).toStrictEqual([]);
    const { change: _, ...silent } = lose(['title']);
    expect(lostFields(silent)).toStrictEqual([]);
  });
});

describe(maskLostFields, () => {
  it('leaves nothing of a change that is nothing but lost fields', () => {
    expect(mask(lose(['title']), 'title')).toBeUndefined();
    expect(mask(lose(['title', 'groups']), 'title', 'groups')).toBeUndefined();
    expect(mask(lose(['rawStatus']), 'rawStatus')).toBeUndefined();
  });

  it('keeps the old value and tells the rest', () => {
    const masked = mask(lose(['title'], { displayName: 'Ada L.' }), 'title');

    const user = { ...before, displayName: 'Ada L.' };
    expect(masked?.entry).toMatchObject({ user, digest: digestOf(user), revision: 2 });
    expect(masked?.change).toMatchObject({ type: 'updated', reason: { code: 'fields_changed' } });
    expect(masked?.change?.diff).toStrictEqual({ changedFields: ['displayName'], before: { displayName: 'Ada' } });
  });

  it('keeps back only the fields it is given, and only where they are lost', () => {
    const transition = lose(['title'], { groups: [{ id: 'g2' }] });

    expect(mask(transition, 'groups', 'displayName')).toBe(transition);
    expect(mask(lose(['title', 'groups']), 'title')?.change?.diff?.changedFields).toStrictEqual(['groups']);
  });

  it('keeps one attribute of the vendor apart from the others', () => {
    const masked = mask(
      lose([], { displayName: 'Ada L.', vendorAttributes: { team: 'red' } }),
      'vendorAttributes.admin',
    );

    expect(masked?.entry.user.vendorAttributes).toStrictEqual({ admin: true, team: 'red' });
    expect(masked?.change?.diff?.before).toStrictEqual({ displayName: 'Ada' });
  });

  it('turns a change of status into an update where only the word for it was lost', () => {
    const masked = mask(lose(['rawStatus'], { displayName: 'Ada L.' }), 'rawStatus');

    expect(masked?.change).toMatchObject({ type: 'updated', reason: { code: 'fields_changed' } });
    expect(masked?.change?.diff).toStrictEqual({ changedFields: ['displayName'], before: { displayName: 'Ada' } });
    expect(masked?.entry.user.rawStatus).toBe('enabled');
  });

  it('leaves a change of status one, with the word for it as it was', () => {
    const masked = mask(lose(['rawStatus', 'title'], { status: 'suspended' }), 'rawStatus', 'title');

    expect(masked?.change?.type).toBe('status_changed');
    expect(masked?.change?.diff).toStrictEqual({
      changedFields: ['status'],
      before: { status: 'active' },
      status: { from: 'active', to: 'suspended', rawFrom: 'enabled', rawTo: 'enabled' },
    });
  });

  it('leaves a deletion one, of the user as he was known', () => {
    const masked = mask(lose(['title'], { status: 'deleted' }), 'title');

    expect(masked?.change?.type).toBe('deleted');
    expect(masked?.change?.diff?.changedFields).not.toContain('title');
    expect(masked?.entry).toMatchObject({ presence: 'reported_deleted', user: { title: 'Dr', status: 'deleted' } });
  });

  it('leaves a deletion one, with the status that the vendor showed', () => {
    const masked = mask(lose(['rawStatus'], { status: 'deleted' }), 'rawStatus');

    expect(masked?.change).toMatchObject({ type: 'deleted', reason: { code: 'vendor_reported' } });
    expect(masked?.change?.diff?.status).toStrictEqual({ from: 'active', to: 'deleted', rawFrom: 'enabled' });
  });

  it('leaves a change of the word for a status one', () => {
    const masked = mask(lose(['title'], { rawStatus: 'on' }), 'title');

    expect(masked?.change?.type).toBe('status_changed');
    expect(masked?.change?.diff?.status).toStrictEqual({
      from: 'active',
      to: 'active',
      rawFrom: 'enabled',
      rawTo: 'on',
    });
  });

  it('accepts silently what else is new but does not count', () => {
    const { priorDigest: _, ...transition } = lose(['title']);

    expect(mask({ ...transition, priorDigest: '0'.repeat(16) }, 'title')).not.toHaveProperty('change');
    expect(mask({ ...transition, priorDigest: '0'.repeat(16) }, 'title')?.entry.user).toStrictEqual(before);
  });
});

describe(absorbLostFields, () => {
  it('accepts the loss and tells nobody', () => {
    const transition = lose(['title']);

    const { change: _, ...silent } = transition;
    expect(absorb(transition, 'title')).toStrictEqual(silent);
    expect(absorb(transition, 'title').entry.user.title).toBeUndefined();
  });

  it('tells the rest, without the loss', () => {
    const absorbed = absorb(lose(['title', 'groups'], { displayName: 'Ada L.' }), 'title');

    expect(absorbed.change?.diff).toStrictEqual({
      changedFields: ['displayName', 'groups'],
      before: { displayName: 'Ada', groups: [{ id: 'g1' }] },
    });
    expect(absorbed.entry.user.title).toBeUndefined();
  });

  it('tells of other attributes of the vendor what they were', () => {
    const transition = lose([], { vendorAttributes: { team: 'red' } });
    const diff = {
      changedFields: ['vendorAttributes.admin', 'vendorAttributes.team'] as const,
      before: { vendorAttributes: { admin: true, team: 'blue' } },
    };
    const both = { ...transition, change: { ...transition.change, diff } } as StagedTransition;

    expect(absorb(both, 'vendorAttributes.admin').change?.diff).toStrictEqual({
      changedFields: ['vendorAttributes.team'],
      before: { vendorAttributes: { team: 'blue' } },
    });
  });

  it.each([
    ['created', { code: 'reappeared' }],
    ['updated', { code: 'scope_changed' }],
  ] as const)('leaves type and reason of what is %s', (type, reason) => {
    const transition = lose(['title'], { displayName: 'Ada L.' });
    const told = { ...transition, change: { ...transition.change, type, reason } } as unknown as StagedTransition;

    expect(absorb(told, 'title').change).toMatchObject({ type, reason });
  });

  it('leaves alone what is not lost', () => {
    const transition = lose([], { title: 'Miss' });

    expect(absorb(transition, 'title')).toBe(transition);
  });

  it('accepts the loss of the word for a status beside a change of it', () => {
    const absorbed = absorb(lose(['rawStatus'], { status: 'suspended' }), 'rawStatus');

    expect(absorbed.change?.diff?.status).toStrictEqual({ from: 'active', to: 'suspended', rawFrom: 'enabled' });
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { feedEventSchema } from '../../../src/events/feed-event.ts';
import { maxEventBytes } from '../../../src/events/truncate-event.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { UserChange } from '../../../src/model/log-batch.ts';
import { aBatch, aChange, aFullUser, anEntry, aTransition, at } from '../../support/builders.ts';

/** The thin event of a change, and the one with every value. */
function bothOf(change: UserChange, user: CanonicalUser = aFullUser()) {
  const batch = aBatch({ transitions: [aTransition({ entry: anEntry({ user, observedAt: at(60) }), change })] });
  return [composeEvents({ ...batch, payload: 'thin' })[0], composeEvents(batch)[0]] as const;
}

const statusChange = aChange({
  type: 'status_changed',
  reason: { code: 'status_changed' },
  window: { notBefore: at(-70), notAfter: at(60) },
  diff: {
    changedFields: ['bio', 'rawStatus', 'status', 'title', 'vendorAttributes.note'],
    before: { rawStatus: 'new', status: 'invited', title: 'Miss', vendorAttributes: { note: 'secret' } },
    status: { from: 'invited', to: 'active', rawFrom: 'new', rawTo: 'enabled' },
  },
});

describe(composeEvents, () => {
  it('names in a thin event what changed and how, without a value but the status', () => {
    const [thin] = bothOf(statusChange);

    expect(thin?.data).toStrictEqual({
      user: { id: '42', status: 'active' },
      changedFields: ['bio', 'rawStatus', 'status', 'title', 'vendorAttributes.note'],
      changes: [
        { field: 'bio', op: 'add' },
        { field: 'rawStatus', op: 'replace' },
        { field: 'status', op: 'replace' },
        { field: 'title', op: 'replace' },
        { field: 'vendorAttributes.note', op: 'remove' },
      ],
      status: { from: 'invited', to: 'active' },
      thin: true,
    });
  });

  it('gives a thin event the metadata of the full one, with the time the vendor gave', () => {
    const [thin, full] = bothOf(statusChange);

    expect(thin?.type).toBe('user.status_changed');
    expect(thin?.metadata).toStrictEqual(full?.metadata);
    expect(thin?.metadata).toHaveProperty('occurredAt', at(-60));
  });

  it('says in a thin event of a restored user where his status went', () => {
    const change = aChange({
      type: 'created',
      restored: true,
      diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
    });

    expect(bothOf(change)[0]?.data).toStrictEqual({
      user: { id: '42', status: 'active' },
      changedFields: [],
      changes: [],
      status: { to: 'active' },
      restored: true,
      thin: true,
    });
  });

  it('publishes thin what would be too large with its values, and truncates nothing', () => {
    const user = aFullUser({ bio: 'x'.repeat(maxEventBytes) });
    const [thin, full] = bothOf(aChange({ diff: { changedFields: ['bio'], before: {} } }), user);

    expect(full?.data).toHaveProperty('truncated', ['bio']);
    expect(thin?.data).not.toHaveProperty('truncated');
  });

  it('composes thin events that are what the schema says', () => {
    const [thin] = bothOf(statusChange);

    expect(z.parse(feedEventSchema, thin)).toStrictEqual(thin);
    expect(z.safeParse(feedEventSchema, { ...thin, data: { ...thin?.data, thin: false } }).success).toBe(false);
  });

  it('leaves events about the connection as they are', () => {
    const batch = aBatch({ connectionChanges: [{ type: 'sweep_completed', sequence: 1 }] });

    expect(composeEvents({ ...batch, payload: 'thin' })).toStrictEqual(composeEvents(batch));
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { connectionEventTypes, feedEventSchema, userEventTypes } from '../../../src/events/feed-event.ts';
import { parseFeedEvent } from '../../../src/events/parse-feed-event.ts';
import { holdId } from '../../../src/model/ids.ts';
import type { HoldNotice, LogBatch, UserChange } from '../../../src/model/log-batch.ts';
import { aBatch, aChange, aFullUser, anEntry, aTransition, at } from '../../support/builders.ts';

const changesOfEveryKind: readonly UserChange[] = [
  aChange({
    sequence: 1,
    type: 'created',
    reason: { code: 'appeared' },
    diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
  }),
  aChange({
    sequence: 2,
    type: 'created',
    origin: 'baseline',
    reason: { code: 'baseline' },
    window: { notAfter: at(60) },
  }),
  aChange({ sequence: 3, type: 'created', reason: { code: 'reappeared' }, restored: true }),
  aChange({ sequence: 4, origin: 'repair' }),
  aChange({
    sequence: 5,
    type: 'status_changed',
    reason: { code: 'status_changed' },
    diff: {
      changedFields: ['status', 'vendorAttributes.admin'],
      before: { status: 'unknown', vendorAttributes: { admin: { deep: [null, 1] } } },
      status: { from: 'unknown', to: 'active' },
    },
  }),
  aChange({ sequence: 6, type: 'deleted', reason: { code: 'vendor_reported' } }),
  aChange({
    sequence: 7,
    type: 'deleted',
    reason: { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 2, lastSeenAt: at(10) } },
    diff: { changedFields: [], before: {}, status: { from: 'active', to: 'deleted' } },
  }),
  aChange({
    sequence: 8,
    type: 'deleted',
    reason: { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 1 } },
    releasedFrom: holdId('hold-1'),
  }),
];

const hold: HoldNotice = {
  holdId: holdId('hold-1'),
  kind: 'deleted',
  reason: 'brake',
  brake: { found: 30, recent: 2, limit: 25, liveUsers: 400 },
  count: 30,
};

const batchOfEveryKind: LogBatch = aBatch({
  transitions: changesOfEveryKind.map((change) =>
    aTransition({ entry: anEntry({ user: aFullUser(), observedAt: at(60) }), change }),
  ),
  connectionChanges: [
    { type: 'baseline_completed', sequence: 9 },
    { type: 'sweep_completed', sequence: 10 },
    { type: 'changes_held', sequence: 11, hold },
    { type: 'changes_released', sequence: 12, hold: { ...hold, ending: 'released' } },
    { type: 'changes_rejected', sequence: 13, hold: { ...hold, ending: 'rejected' } },
    { type: 'changes_dissolved', sequence: 14, hold: { ...hold, fields: ['title'], ending: 'dissolved' } },
    { type: 'removed', sequence: 15, requestId: 'r1' },
  ],
});

describe('feedEventSchema', () => {
  it('describes every kind of event that is composed, as it is and as it arrives', () => {
    const events = composeEvents(batchOfEveryKind);

    expect(new Set(events.map(({ type }) => type))).toStrictEqual(
      new Set([...userEventTypes, ...connectionEventTypes]),
    );
    expect(events.map((event) => z.parse(feedEventSchema, event))).toStrictEqual(events);
    expect(events.map((event) => parseFeedEvent(event))).toStrictEqual(events);
    expect(events.map((event) => z.parse(feedEventSchema, JSON.parse(JSON.stringify(event))))).toStrictEqual(events);
  });

  it('composes nothing that JSON would lose', () => {
    const events = composeEvents(batchOfEveryKind);

    expect(JSON.parse(JSON.stringify(events))).toStrictEqual(events);
  });

  const [event] = composeEvents(batchOfEveryKind);
  const without = (part: 'metadata' | 'data', field: string) => {
    const { [field]: _, ...rest } = { ...event?.[part] } as Record<string, unknown>;
    return { ...event, [part]: rest };
  };

  it.each(
    [
      'eventId',
      'connectionId',
      'epoch',
      'sequence',
      'userId',
      'revision',
      'origin',
      'sweep',
      'observedAt',
      'window',
      'reason',
    ].map((field) => ({ part: 'metadata', field }) as const),
  )('refuses an event without $part.$field', ({ part, field }) => {
    expect(z.safeParse(feedEventSchema, without(part, field)).success).toBe(false);
  });

  it.each(['user', 'changedFields', 'changes'])('refuses an event without data.%s', (field) => {
    expect(z.safeParse(feedEventSchema, without('data', field)).success).toBe(false);
  });

  it.each([
    ['of a type nobody knows', { ...event, type: 'user.vanished' }],
    ['whose id is no UUID', { ...event, metadata: { ...event?.metadata, eventId: '4711' } }],
    ['without a place in the order', { ...event, metadata: { ...event?.metadata, sequence: 0 } }],
    ['whose restored is false', { ...event, data: { ...event?.data, restored: false } }],
  ])('refuses an event %s', (_, wrong) => {
    expect(z.safeParse(feedEventSchema, wrong).success).toBe(false);
  });

  it('passes on what it does not know, so that fields can be added', () => {
    const richer = { ...event, metadata: { ...event?.metadata, later: 1 }, data: { ...event?.data, more: true } };

    expect(z.parse(feedEventSchema, richer)).toStrictEqual(richer);
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { composeNotices } from '../../../src/events/compose-notices.ts';
import { feedEventSchema } from '../../../src/events/feed-event.ts';
import { toBusEntry } from '../../../src/events/pack-entries.ts';
import { connectionId } from '../../../src/model/ids.ts';
import type { ConnectionNotice } from '../../../src/model/notice.ts';
import { at } from '../../support/builders.ts';

const fact = { epoch: 2, lastCompleteAt: at(-60) };
const notice: ConnectionNotice = {
  connectionId: connectionId('acme'),
  tenantId: 'acme-inc',
  vendor: 'leen',
  failing: { ...fact, since: at(1), reason: { code: 'vendor.unauthorized' }, failures: 3 },
  stale: { ...fact, since: at(2) },
  recovered: { ...fact, since: at(3) },
  pending: ['failing', 'stale', 'recovered'],
  revision: 4,
};

describe('composeNotices', () => {
  it('composes an event of each fact that is not on the bus, without a place in the order of the log', () => {
    const [failing, stale, recovered] = composeNotices(notice);

    expect(failing).toStrictEqual({
      type: 'connection.failing',
      metadata: {
        eventId: expect.any(String),
        schemaVersion: '1.0',
        connectionId: 'acme',
        tenantId: 'acme-inc',
        vendor: 'leen',
        epoch: 2,
        origin: 'live',
        observedAt: at(1),
      },
      data: { since: at(1), reason: { code: 'vendor.unauthorized' }, failures: 3, lastCompleteAt: at(-60) },
    });
    expect([stale?.type, stale?.data]).toStrictEqual(['connection.stale', { since: at(2), lastCompleteAt: at(-60) }]);
    expect([recovered?.type, recovered?.data.since]).toStrictEqual(['connection.recovered', at(3)]);
  });

  it('composes what the schemas of the feed say', () => {
    const events = composeNotices(notice);

    expect(events.map((event) => z.parse(feedEventSchema, event))).toStrictEqual(events);
    expect(events.map((event) => toBusEntry(event).DetailType)).toStrictEqual([
      'connection.failing',
      'connection.stale',
      'connection.recovered',
    ]);
  });

  it('names each fact the same however often it is published, and no two facts alike', () => {
    const idsOf = (changes: Partial<ConnectionNotice> = {}) =>
      composeNotices({ ...notice, ...changes }).map(({ metadata }) => metadata.eventId);
    const later = { ...fact, since: at(9), reason: { code: 'x' }, failures: 9 };

    expect(idsOf({ revision: 9 })).toStrictEqual(idsOf());
    expect(
      new Set([...idsOf(), ...idsOf({ connectionId: connectionId('other') }), ...idsOf({ failing: later })]).size,
    ).toBe(7);
  });

  it('is silent about what is on the bus already', () => {
    const { stale: _, ...rest } = notice;

    expect(composeNotices({ ...notice, pending: [] })).toStrictEqual([]);
    expect(composeNotices({ ...rest, pending: ['stale'] })).toStrictEqual([]);
    expect(composeNotices({ ...notice, pending: ['stale'] }).map(({ type }) => type)).toStrictEqual([
      'connection.stale',
    ]);
  });
});

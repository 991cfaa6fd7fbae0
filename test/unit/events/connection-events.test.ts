import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { eventIdOf } from '../../../src/events/event-id.ts';
import { connectionEventSchema, userEventSchema } from '../../../src/events/feed-event.ts';
import { holdEndings, holdReasons } from '../../../src/model/hold.ts';
import { holdId, sweepId } from '../../../src/model/ids.ts';
import type { ConnectionChange, HoldNotice } from '../../../src/model/log-batch.ts';
import { aBatch, aChange, aStamp, aTransition, at } from '../../support/builders.ts';

const metadata = {
  eventId: eventIdOf('acme-openproject', 1, 4),
  schemaVersion: '1.0',
  connectionId: 'acme-openproject',
  tenantId: 'acme',
  vendor: 'openproject',
  mappingVersion: 1,
  epoch: 1,
  sequence: 4,
  origin: 'live',
  observedAt: at(61),
};

function aNotice(given: Partial<HoldNotice> = {}): HoldNotice {
  return { holdId: holdId('hold-1'), kind: 'deleted', reason: 'list_empty', count: 30, ...given };
}

function eventOf(change: ConnectionChange) {
  return composeEvents(aBatch({ connectionChanges: [change] }))[0];
}

const { sweep: _, ...batchWithoutSweep } = aBatch({
  connectionChanges: [{ type: 'removed', sequence: 4, requestId: 'r1' }],
});

describe(composeEvents, () => {
  it.each(['changes_held', 'changes_released', 'changes_rejected', 'changes_dissolved'] as const)(
    'says of %s which hold it is about, and which sweep found it',
    (type) => {
      const event = eventOf({ type, sequence: 4, hold: aNotice() });

      expect(event).toStrictEqual({
        type: `connection.${type}`,
        metadata: { ...metadata, sweep: { ...aStamp() } },
        data: { users: 10, hold: { holdId: 'hold-1', kind: 'deleted', reason: 'list_empty', count: 30 } },
      });
      expect(z.parse(connectionEventSchema, event)).toStrictEqual(event);
    },
  );

  it('says what the brake compared, which fields vanished and how a hold ended', () => {
    const brake = { found: 30, recent: 2, limit: 25, liveUsers: 400 };
    const hold = aNotice({ kind: 'updated', reason: 'field_vanished', fields: ['title'], brake, ending: 'expired' });

    const event = eventOf({ type: 'changes_dissolved', sequence: 4, hold });

    expect(event?.data).toStrictEqual({ users: 10, hold });
    expect(z.parse(connectionEventSchema, event)).toStrictEqual(event);
  });

  it('tells of a hold nothing that the contract does not name', () => {
    const hold = { ...aNotice(), members: 'blob-1' };

    expect(eventOf({ type: 'changes_held', sequence: 4, hold })?.data).toStrictEqual({ users: 10, hold: aNotice() });
  });

  it('says that a connection was removed, which no sweep found out', () => {
    const [event, ...others] = composeEvents(batchWithoutSweep);

    expect(event).toStrictEqual({ type: 'connection.removed', metadata, data: {} });
    expect(z.parse(connectionEventSchema, event)).toStrictEqual(event);
    expect(others).toStrictEqual([]);
  });

  it('refuses a batch that names no sweep for what only a sweep can find', () => {
    const completed = { ...batchWithoutSweep, connectionChanges: [{ type: 'sweep_completed', sequence: 4 } as const] };
    const updated = { ...batchWithoutSweep, transitions: [aTransition({ change: aChange() })] };

    for (const batch of [completed, updated])
      expect(() => composeEvents(batch)).toThrow(expect.objectContaining({ code: 'internal.invariant' }));
  });

  it('names a sweep for changes only by its mode', () => {
    const sweep = aStamp({ sweepId: sweepId('sweep-2'), mode: 'delta' });

    const [event] = composeEvents(aBatch({ sweep, transitions: [aTransition({ change: aChange() })] }));

    expect(z.parse(userEventSchema, event).metadata.sweep).toStrictEqual({ ...sweep });
  });
});

describe('connectionEventSchema', () => {
  const held = eventOf({ type: 'changes_held', sequence: 4, hold: aNotice() });
  const completed = eventOf({ type: 'sweep_completed', sequence: 4 });
  const accepts = (event: unknown) => z.safeParse(connectionEventSchema, event).success;

  it.each(holdReasons)('knows the reason %s', (reason) => {
    expect(accepts({ ...held, data: { users: 1, hold: aNotice({ reason }) } })).toBe(true);
  });

  it.each(holdEndings)('knows the ending %s', (ending) => {
    expect(accepts({ ...held, data: { users: 1, hold: aNotice({ ending }) } })).toBe(true);
  });

  it.each([
    ['a completed sweep that names none', { ...completed, metadata }],
    ['a completed sweep without its users', { ...completed, data: {} }],
    ['a hold event that names no sweep', { ...held, metadata }],
    ['a hold event without its hold', { ...held, data: { users: 1 } }],
    ['a hold event without its users', { ...held, data: { hold: aNotice() } }],
    ['a hold of a kind nobody knows', { ...held, data: { users: 1, hold: { ...aNotice(), kind: 'moved' } } }],
    ['a hold without a count', { ...held, data: { users: 1, hold: { ...aNotice(), count: undefined } } }],
    ['a brake without its limit', { ...held, data: { users: 1, hold: { ...aNotice(), brake: { found: 1 } } } }],
    ['a type nobody knows', { ...completed, type: 'connection.renamed' }],
  ])('refuses %s', (_what, event) => {
    expect(accepts(event)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { eventIdOf } from '../../../src/events/event-id.ts';
import { sweepId } from '../../../src/model/ids.ts';
import { aBatch, aChange, anEntry, aStamp, aTransition, at, aUser } from '../../support/builders.ts';

const dr = anEntry({ user: aUser({ title: 'Dr' }), revision: 7, observedAt: at(60) });

describe(composeEvents, () => {
  it('says everything about an updated user', () => {
    const change = aChange({ sequence: 4711 });

    expect(
      composeEvents(aBatch({ epoch: 2, mappingVersion: 3, transitions: [aTransition({ entry: dr, change })] })),
    ).toStrictEqual([
      {
        type: 'user.updated',
        metadata: {
          eventId: eventIdOf('acme-openproject', 2, 4711),
          schemaVersion: '1.0',
          connectionId: 'acme-openproject',
          tenantId: 'acme',
          vendor: 'openproject',
          mappingVersion: 3,
          epoch: 2,
          sequence: 4711,
          userId: '42',
          revision: 7,
          origin: 'live',
          sweep: { sweepId: 'sweep-1', mode: 'full', startedAt: at(59), complete: true, usersSeen: 10 },
          observedAt: at(60),
          window: { notBefore: at(0), notAfter: at(60) },
          reason: { code: 'fields_changed' },
        },
        data: {
          user: { id: '42', displayName: 'Ada', status: 'active', rawStatus: 'enabled', title: 'Dr' },
          before: { title: 'Miss' },
          changedFields: ['title'],
          changes: [{ field: 'title', op: 'replace', from: 'Miss', to: 'Dr' }],
        },
      },
    ]);
  });

  it('says of a created user only where his status went, and nothing of a before', () => {
    const change = aChange({
      type: 'created',
      reason: { code: 'appeared' },
      diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
    });

    const [event] = composeEvents(aBatch({ transitions: [aTransition({ entry: dr, change })] }));

    expect(event?.type).toBe('user.created');
    expect(event?.data).toStrictEqual({
      user: dr.user,
      changedFields: [],
      changes: [],
      status: { to: 'active', rawTo: 'enabled' },
    });
  });

  it('marks a restored user', () => {
    const change = aChange({ type: 'created', reason: { code: 'reappeared' }, restored: true });

    const [event] = composeEvents(aBatch({ transitions: [aTransition({ change })] }));

    expect(event?.data).toHaveProperty('restored', true);
    expect(event?.metadata).toHaveProperty('reason', { code: 'reappeared' });
  });

  it('says of a status change where it came from, beside every change', () => {
    const change = aChange({
      type: 'status_changed',
      reason: { code: 'status_changed' },
      diff: {
        changedFields: ['rawStatus', 'status', 'title'],
        before: { rawStatus: 'new', status: 'invited' },
        status: { from: 'invited', to: 'active', rawFrom: 'new', rawTo: 'enabled' },
      },
    });

    const [event] = composeEvents(aBatch({ transitions: [aTransition({ entry: dr, change })] }));

    expect(event?.type).toBe('user.status_changed');
    expect(event?.data).toStrictEqual({
      user: dr.user,
      before: { rawStatus: 'new', status: 'invited' },
      changedFields: ['rawStatus', 'status', 'title'],
      changes: [
        { field: 'rawStatus', op: 'replace', from: 'new', to: 'enabled' },
        { field: 'status', op: 'replace', from: 'invited', to: 'active' },
        { field: 'title', op: 'add', to: 'Dr' },
      ],
      status: { from: 'invited', to: 'active', rawFrom: 'new', rawTo: 'enabled' },
    });
  });

  it('says of a concluded deletion what it rests on, with the last known state', () => {
    const evidence = { missedSweeps: 2, lastSeenAt: at(10) };
    const change = aChange({
      type: 'deleted',
      reason: { code: 'absent_from_complete_sweeps', evidence },
      diff: { changedFields: [], before: {}, status: { from: 'active', to: 'deleted', rawFrom: 'enabled' } },
    });
    const entry = { ...dr, presence: 'gone', deletedAt: at(60) } as const;

    const [event] = composeEvents(aBatch({ transitions: [aTransition({ entry, change })] }));

    expect(event?.type).toBe('user.deleted');
    expect(event?.metadata).toHaveProperty('reason', { code: 'absent_from_complete_sweeps', evidence });
    expect(event?.data).toStrictEqual({
      user: dr.user,
      before: {},
      changedFields: [],
      changes: [],
      status: { from: 'active', to: 'deleted', rawFrom: 'enabled' },
    });
  });

  it.each(['live', 'baseline', 'repair', 'resync', 'replay'] as const)('passes on the origin %s', (origin) => {
    const [event] = composeEvents(aBatch({ transitions: [aTransition({ change: aChange({ origin }) })] }));

    expect(event?.metadata.origin).toBe(origin);
  });

  it('says that a baseline or a sweep is complete, and how many users it saw', () => {
    const batch = aBatch({
      sweep: aStamp({ sweepId: sweepId('sweep-9'), usersSeen: 1204 }),
      connectionChanges: [
        { type: 'baseline_completed', sequence: 1 },
        { type: 'sweep_completed', sequence: 2 },
      ],
    });
    const metadata = {
      schemaVersion: '1.0',
      connectionId: 'acme-openproject',
      tenantId: 'acme',
      vendor: 'openproject',
      mappingVersion: 1,
      epoch: 1,
      sweep: { sweepId: 'sweep-9', mode: 'full', startedAt: at(59), complete: true, usersSeen: 1204 },
      observedAt: at(61),
    };

    expect(composeEvents(batch)).toStrictEqual([
      {
        type: 'connection.baseline_completed',
        metadata: { ...metadata, eventId: eventIdOf('acme-openproject', 1, 1), sequence: 1, origin: 'baseline' },
        data: { users: 1204 },
      },
      {
        type: 'connection.sweep_completed',
        metadata: { ...metadata, eventId: eventIdOf('acme-openproject', 1, 2), sequence: 2, origin: 'live' },
        data: { users: 1204 },
      },
    ]);
  });

  it('gives events by rising sequence, whatever stands first in the batch, and none for silent transitions', () => {
    const batch = aBatch({
      transitions: [
        aTransition({ change: aChange({ sequence: 12 }) }),
        aTransition(),
        aTransition({ change: aChange({ sequence: 9 }) }),
        aTransition({ change: aChange({ sequence: 10 }) }),
      ],
      connectionChanges: [{ type: 'sweep_completed', sequence: 11 }],
    });

    expect(composeEvents(batch).map(({ metadata }) => metadata.sequence)).toStrictEqual([9, 10, 11, 12]);
  });

  it('gives nothing for a batch of silent transitions and nothing for a fence', () => {
    const { sweep: _, ...fence } = aBatch();

    expect(composeEvents(aBatch({ transitions: [aTransition(), aTransition()] }))).toStrictEqual([]);
    expect(composeEvents(fence)).toStrictEqual([]);
  });

  it('gives the same events, byte for byte, for the same batch read back from storage', () => {
    const batch = aBatch({
      transitions: [aTransition({ entry: dr, change: aChange() })],
      connectionChanges: [{ type: 'sweep_completed', sequence: 2 }],
    });

    const again = composeEvents(JSON.parse(JSON.stringify(batch)));

    expect(JSON.stringify(again)).toBe(JSON.stringify(composeEvents(batch)));
  });
});

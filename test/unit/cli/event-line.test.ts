import { describe, expect, it } from 'vitest';
import { eventLine } from '../../../cli/event-line.ts';
import { explainError } from '../../../cli/exit-code.ts';
import { isGood, summarize, summaryLine } from '../../../cli/summary-line.ts';
import type { BusEvent } from '../../../local/event-bus/bus-event.ts';
import { connectionId } from '../../../src/model/ids.ts';
import type { JsonObject } from '../../../src/model/json.ts';

const id = connectionId('acme');

function delivered(type: string, metadata: object, data: object): BusEvent {
  const at = '2026-11-23T08:15:30.000Z';
  const common = {
    eventId: '6f2c1f0a-8a5e-5d2c-9f3f-0d7f7d6a4b11',
    schemaVersion: '1.0',
    connectionId: id,
    tenantId: 'acme',
    vendor: 'openproject',
    mappingVersion: 1,
    epoch: 1,
    sequence: 7,
    origin: 'live',
    sweep: { sweepId: 's', mode: 'full', startedAt: at, complete: true, usersSeen: 3 },
    observedAt: at,
  };
  const detail = { metadata: { ...common, ...metadata }, data } as unknown as JsonObject;
  return {
    version: '0',
    id: 'x',
    'detail-type': type,
    source: 's',
    account: '0',
    time: at,
    region: 'r',
    resources: [],
    detail,
  };
}

const aboutUser = {
  userId: '42',
  revision: 2,
  window: { notAfter: '2026-11-23T08:15:30.000Z' },
  reason: { code: 'fields_changed' },
};

describe(eventLine, () => {
  it('says when, what, where, who, what changed and why', () => {
    const event = delivered('user.updated', aboutUser, {
      user: { id: '42', displayName: 'Ada Example', status: 'active' },
      changedFields: ['title'],
      changes: [{ field: 'title', op: 'replace', from: 'Head', to: 'Chief' }],
    });

    expect(eventLine(event)).toBe(
      '08:15:30 user.updated         acme 42 Ada Example | title: Head -> Chief | fields_changed',
    );
  });

  it('writes one line, without control characters, whatever a name holds', () => {
    const event = delivered('user.created', aboutUser, {
      user: { id: '42', displayName: 'Ada\n\u001b[31mred\u2028', status: 'active' },
      changedFields: [],
      changes: [],
    });

    expect(eventLine(event)).not.toMatch(/[\p{Cc}\p{Zl}]/u);
  });

  it('cuts long values short', () => {
    const changes = [{ field: 'bio', op: 'add', to: 'x'.repeat(500) }];
    const event = delivered('user.updated', aboutUser, {
      user: { id: '42', status: 'active' },
      changedFields: ['bio'],
      changes,
    });

    expect(eventLine(event).length).toBeLessThan(160);
  });

  it('needs no user for an event about a connection', () => {
    expect(eventLine(delivered('connection.baseline_completed', {}, { users: 3 }))).toBe(
      '08:15:30 connection.baseline_completed acme',
    );
  });
});

describe('eventLine of what was held', () => {
  const hold = { holdId: 'hold-1', kind: 'deleted', reason: 'list_empty', count: 30 };

  it('says which hold, how many changes of which kind and why', () => {
    expect(eventLine(delivered('connection.changes_held', {}, { users: 3, hold }))).toBe(
      '08:15:30 connection.changes_held acme hold-1 | 30 deleted | list_empty',
    );
  });

  it('says what the brake compared', () => {
    const brake = { found: 30, recent: 2, limit: 25, liveUsers: 400 };
    const event = delivered('connection.changes_held', {}, { users: 3, hold: { ...hold, reason: 'brake', brake } });

    expect(eventLine(event)).toBe(
      '08:15:30 connection.changes_held acme hold-1 | 30 deleted | brake: 30 found and 2 recent, limit 25 of 400',
    );
  });

  it('names the fields that vanished and how the hold ended', () => {
    const vanished = {
      ...hold,
      kind: 'updated',
      reason: 'field_vanished',
      fields: ['title', 'bio'],
      ending: 'expired',
    };

    expect(eventLine(delivered('connection.changes_dissolved', {}, { users: 3, hold: vanished }))).toBe(
      '08:15:30 connection.changes_dissolved acme hold-1 | 30 updated | field_vanished title bio | expired',
    );
  });

  it('names the hold that a user event was released from', () => {
    const reason = { code: 'fields_changed', evidence: { releasedFrom: 'hold-1' } };
    const event = delivered(
      'user.updated',
      { ...aboutUser, reason },
      { user: { id: '42', status: 'active' }, changedFields: [], changes: [] },
    );

    expect(eventLine(event)).toBe('08:15:30 user.updated         acme 42 | fields_changed, released from hold-1');
  });
});

describe('eventLine of other news', () => {
  it('says that a connection was removed, although no sweep found out', () => {
    expect(eventLine(delivered('connection.removed', { sweep: undefined }, {}))).toBe(
      '08:15:30 connection.removed   acme',
    );
  });

  it('says of a thin event what happened to each field and which way the status went', () => {
    const event = delivered('user.status_changed', aboutUser, {
      user: { id: '42', status: 'suspended' },
      changedFields: ['status', 'title'],
      changes: [
        { field: 'status', op: 'replace' },
        { field: 'title', op: 'remove' },
      ],
      status: { from: 'active', to: 'suspended' },
      thin: true,
    });

    expect(eventLine(event)).toBe(
      '08:15:30 user.status_changed  acme 42 | status: active -> suspended, title: remove | fields_changed',
    );
  });
});

describe(summaryLine, () => {
  it('names the connection, the outcome and every count', () => {
    expect(summaryLine(summarize(id, { kind: 'busy' }))).toBe(
      'acme busy seen=0 created=0 updated=0 status_changed=0 deleted=0 held=0',
    );
  });

  it('counts nothing but baseline and complete as good', () => {
    const outcomes = (['baseline', 'complete', 'incomplete', 'held', 'failed', 'busy'] as const).map((outcome) =>
      isGood({ ...summarize(id, undefined), outcome }),
    );

    expect(outcomes).toStrictEqual([true, true, false, false, false, false]);
  });
});

describe(explainError, () => {
  it('adds the cause where it says something new', () => {
    expect(explainError(new Error('no answer', { cause: new Error('socket closed') }))).toBe(
      'no answer: socket closed',
    );
  });
});

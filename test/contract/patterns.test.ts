import { describe, expect, it } from 'vitest';
import { readPattern } from '../../local/event-bus/match-pattern.ts';
import type { UserEventFilter } from '../../src/events/user-event-filter.ts';
import { userEventPattern } from '../../src/events/user-event-pattern.ts';
import { sampleEnvelope } from '../../tools/contract/sample-envelope.ts';
import { sampleEvents } from '../../tools/contract/sample-events.ts';

const envelopes = sampleEvents().map(sampleEnvelope);
const userTypes = ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'];

/** The types of the sample events that a rule with this filter would receive. */
function received(filter: UserEventFilter): readonly string[] {
  const matches = readPattern(userEventPattern(filter), 'pattern');
  return envelopes.filter(matches).map((envelope) => envelope['detail-type']);
}

describe(userEventPattern, () => {
  it.each<[string, UserEventFilter, readonly string[]]>([
    ['every user event', {}, userTypes],
    ['types', { types: ['user.deleted', 'user.updated'] }, ['user.updated', 'user.deleted']],
    ['the status it has now', { statusTo: ['suspended', 'deleted'] }, ['user.status_changed', 'user.deleted']],
    ['the status it had', { statusFrom: ['active'] }, ['user.status_changed']],
    ['a transition', { statusFrom: ['suspended'], statusTo: ['deleted'] }, ['user.deleted']],
    ['any status but one', { statusTo: { not: ['active'] } }, ['user.status_changed', 'user.deleted']],
    ['one changed field of several', { changedFields: ['emails', 'title'] }, ['user.updated']],
    ['a tenant', { tenants: ['acme'] }, userTypes],
    ['another tenant', { tenants: ['globex'] }, []],
    ['all tenants but one', { tenants: { not: ['acme'] } }, []],
    ['a connection by the beginning of its name', { connections: [{ prefix: 'acme-' }, 'globex'] }, userTypes],
    ['connections by another beginning', { connections: [{ prefix: 'globex-' }] }, []],
    ['vendors', { vendors: { not: ['leen', 'truto'] } }, userTypes],
    ['origins', { origins: ['baseline', 'resync'] }, []],
    ['reasons', { reasons: ['appeared', 'left_scope'] }, ['user.created']],
    ['who comes back', { restored: true }, []],
    ['who appears for the first time', { types: ['user.created'], restored: false }, ['user.created']],
  ])('receives by %s', (_, filter, types) => {
    expect(received(filter)).toStrictEqual(types);
  });
});

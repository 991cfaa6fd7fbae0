import { CloudEvent as ValidatedCloudEvent } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import type { AnyUserEvent } from '../../../src/events/published-event.ts';
import { toCloudEvent } from '../../../src/events/to-cloud-event.ts';
import { toSecurityEventToken } from '../../../src/events/to-security-event-token.ts';
import { sampleEvents } from '../../../tools/contract/sample-events.ts';
import { aFullUser, aUserEvent } from '../../support/builders.ts';

const scim = 'urn:ietf:params:scim:event';
const user = { ...aFullUser() } as AnyUserEvent['data']['user'];

type Given = Partial<Omit<AnyUserEvent, 'metadata' | 'data'>> & {
  readonly metadata?: Partial<AnyUserEvent['metadata']>;
  readonly data?: Partial<AnyUserEvent['data']>;
};

function anEvent({ type = 'user.updated', metadata, data }: Given): AnyUserEvent {
  const event = aUserEvent();
  return { type, metadata: { ...event.metadata, ...metadata }, data: { ...event.data, user, ...data } };
}

function claimsOf(given: Given) {
  return toSecurityEventToken(anEvent(given), { issuer: 'https://i.example', issuedAt: new Date(1_700_000_000_900) });
}

const eventsOf = (given: Given) => Object.keys(claimsOf(given).events);

describe(toCloudEvent, () => {
  it.each(sampleEvents().map((event) => [event.type, event] as const))(
    'makes a %s that the SDK of CloudEvents finds valid',
    (type, event) => {
      const cloudEvent = toCloudEvent(event);

      expect(new ValidatedCloudEvent({ ...cloudEvent }).validate()).toBe(true);
      expect(cloudEvent).toMatchObject({ type, id: event.metadata.eventId, time: event.metadata.observedAt });
      expect(Object.keys(cloudEvent).filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toStrictEqual([]);
    },
  );

  it('names connection, user, schema and order, and keeps the detail as it is', () => {
    const event = anEvent({ metadata: { connectionId: 'acme/ü', epoch: 2, sequence: 4711, revision: 7 } });

    expect(toCloudEvent(event)).toStrictEqual({
      specversion: '1.0',
      id: event.metadata.eventId,
      source: 'urn:user-change-feed:connection:acme%2F%C3%BC',
      type: 'user.updated',
      subject: '42',
      time: event.metadata.observedAt,
      datacontenttype: 'application/json',
      dataschema: 'urn:user-change-feed:schema:1:user.updated',
      data: { metadata: event.metadata, data: event.data },
      tenantid: 'acme',
      vendor: 'openproject',
      origin: 'live',
      epoch: 2,
      revision: 7,
      sequence: '000002-0000000000004711',
    });
  });

  it('has neither user nor number of an event that has none', () => {
    const [notice] = sampleEvents().filter(({ type }) => type === 'connection.stale');
    if (notice === undefined) throw new Error('there is no sample of a notice');

    const names = Object.keys(toCloudEvent(notice));

    expect(names.filter((name) => ['subject', 'revision', 'sequence'].includes(name))).toStrictEqual([]);
  });

  it('sorts as text in the order of events', () => {
    const sequenceOf = (epoch: number, sequence: number) =>
      toCloudEvent(anEvent({ metadata: { epoch, sequence } })).sequence ?? '';
    const inOrder = [sequenceOf(1, 9), sequenceOf(1, 10), sequenceOf(2, 1), sequenceOf(10, 1)];

    expect(inOrder.toSorted()).toStrictEqual(inOrder);
  });
});

describe(toSecurityEventToken, () => {
  it('identifies the subject as RFC 9967 asks, and never by sub', () => {
    const claims = claimsOf({ metadata: { userId: 'a/b' } });

    expect(claims).toMatchObject({
      iss: 'https://i.example',
      iat: 1_700_000_000,
      jti: anEvent({}).metadata.eventId,
      txn: anEvent({}).metadata.eventId,
      sub_id: { format: 'scim', uri: '/Users/a%2Fb', externalId: 'ext-42' },
    });
    for (const claim of ['sub', 'exp', 'aud', 'toe']) expect(claims).not.toHaveProperty(claim);
  });

  it('says when it happened only where the vendor does', () => {
    expect(claimsOf({ metadata: { occurredAt: '2026-11-23T08:31:00.500Z' } }).toe).toBe(1_795_422_660);
  });

  it.each<[string, Given, readonly string[]]>([
    ['a user who appears', { type: 'user.created' }, ['prov:create:full']],
    ['a user who comes back', { type: 'user.created', data: { restored: true } }, ['prov:create:full']],
    ['the baseline', { type: 'user.created', metadata: { origin: 'baseline' } }, ['feed:add', 'prov:put:full']],
    ['a resync', { type: 'user.created', metadata: { origin: 'resync' } }, ['prov:put:full']],
    ['an update', {}, ['prov:put:full']],
    [
      'a suspension',
      { type: 'user.status_changed', data: { status: { from: 'active', to: 'suspended' } } },
      ['prov:put:full', 'prov:deactivate'],
    ],
    [
      'an activation',
      { type: 'user.status_changed', data: { status: { from: 'invited', to: 'active' } } },
      ['prov:put:full', 'prov:activate'],
    ],
    [
      'a change among closed accounts',
      { type: 'user.status_changed', data: { status: { from: 'suspended', to: 'inactive' } } },
      ['prov:put:full'],
    ],
    [
      'a status nobody knows',
      { type: 'user.status_changed', data: { status: { from: 'active', to: 'unknown' } } },
      ['prov:put:full'],
    ],
    [
      'another word for the same status',
      { type: 'user.status_changed', data: { status: { from: 'active', to: 'active' } } },
      ['prov:put:full'],
    ],
    ['a deletion', { type: 'user.deleted' }, ['prov:delete']],
    ['a user out of scope', { type: 'user.deleted', metadata: { reason: { code: 'left_scope' } } }, ['feed:remove']],
    ['a thin creation', { type: 'user.created', data: { thin: true } }, ['prov:create:notice']],
    ['a truncated update', { data: { truncated: ['bio'], changedFields: ['bio'] } }, ['prov:put:notice']],
  ])('says of %s', (_, given, uris) => {
    expect(eventsOf(given)).toStrictEqual(uris.map((uri) => `${scim}:${uri}`));
  });

  it('has data in a full event, attributes in a notice, and never both', () => {
    const status = { from: 'active', to: 'suspended' } as const;
    const changedFields = ['title', 'status', 'givenName', 'licenses'];
    const thin = claimsOf({ type: 'user.status_changed', data: { thin: true, status, changedFields } });

    expect(claimsOf({}).events[`${scim}:prov:put:full`]).toStrictEqual({
      version: 'W/"1.2"',
      data: expect.objectContaining({ id: '42', userName: 'ada', active: true, title: 'Countess' }),
    });
    expect(thin.events).toStrictEqual({
      [`${scim}:prov:put:notice`]: {
        version: 'W/"1.2"',
        attributes: [
          'title',
          'urn:user-change-feed:scim:schemas:extension:1.0:User:status',
          'active',
          'name.givenName',
          'urn:user-change-feed:scim:schemas:extension:1.0:User:licenses',
        ],
      },
      [`${scim}:prov:deactivate`]: {},
    });
  });

  it.each([
    ['active', true],
    ['invited', false],
    ['suspended', false],
    ['unknown', undefined],
  ] as const)('says of the status %s whether the account is active: %s', (status, active) => {
    const { events } = claimsOf({ data: { user: { ...user, status } } });
    const { data } = events[`${scim}:prov:put:full`] as { readonly data: { readonly active?: boolean } };

    expect(data.active).toBe(active);
  });

  it('shows the user as SCIM does, and what SCIM has no place for in the extension', () => {
    const { events } = claimsOf({});
    const { data } = events[`${scim}:prov:put:full`] as { readonly data: Readonly<Record<string, object>> };
    const { 'urn:user-change-feed:scim:schemas:extension:1.0:User': extension, ...core } = data;

    expect(core).toStrictEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:user-change-feed:scim:schemas:extension:1.0:User'],
      id: '42',
      externalId: 'ext-42',
      userName: 'ada',
      displayName: 'Ada',
      title: 'Countess',
      userType: 'employee',
      preferredLanguage: 'en',
      timezone: 'Europe/London',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      active: true,
      emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
      phoneNumbers: [{ value: '+1 555 0100', type: 'work' }],
      photos: [{ value: 'https://example.com/ada.png', type: 'photo' }],
      roles: [{ value: 'r1', display: 'Editor' }],
      groups: [{ value: 'g1', display: 'Analysts' }],
    });
    expect(Object.keys({ ...core, ...extension })).toContain('mfaEnabled');
    expect(extension).toMatchObject({ status: 'active', rawStatus: 'enabled', licenses: [{ id: 'l1', name: 'Full' }] });
  });
});

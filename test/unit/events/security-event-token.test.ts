import { describe, expect, it } from 'vitest';
import type { AnyUserEvent } from '../../../src/events/published-event.ts';
import { toSecurityEventToken } from '../../../src/events/to-security-event-token.ts';
import { aUserEvent } from '../../support/event-envelope.ts';

const issuer = { issuer: 'https://i.example', issuedAt: new Date(1_700_000_000_000) };
const claimsOf = (event: object, options = {}) =>
  toSecurityEventToken(event as AnyUserEvent, { ...issuer, ...options });
const provisioning = 'urn:ietf:params:scim:event:prov';
const noStatus = { status: undefined } as never;
const extension = 'urn:user-change-feed:scim:schemas:extension:1.0:User';

describe(toSecurityEventToken, () => {
  it('names the audience and the token where they are given', () => {
    const claims = claimsOf(aUserEvent(), { audience: 'https://a.example', tokenId: 'token-1' });

    expect(claims).toMatchObject({ aud: 'https://a.example', jti: 'token-1', txn: aUserEvent().metadata.eventId });
  });

  it('has no claim of what is not known', () => {
    expect(claimsOf(aUserEvent())).toStrictEqual({
      iss: 'https://i.example',
      iat: 1_700_000_000,
      jti: aUserEvent().metadata.eventId,
      txn: aUserEvent().metadata.eventId,
      sub_id: { format: 'scim', uri: '/Users/u1' },
      events: { [`${provisioning}:put:full`]: expect.objectContaining({ version: 'W/"1.1"' }) },
    });
  });

  it.each([
    ['a creation, though it names fields', 'user.created', ['title'], ['id', `${extension}:status`, 'active']],
    ['an update that names none', 'user.updated', [], ['id', `${extension}:status`, 'active']],
    ['an update that names some', 'user.updated', ['title'], ['title']],
  ] as const)('names in the notice of %s the attributes that there are to look for', (_, type, fields, attributes) => {
    const { events } = claimsOf(aUserEvent({ type, data: { thin: true, changedFields: [...fields] } }));

    expect(Object.values(events)).toStrictEqual([{ version: 'W/"1.1"', attributes }]);
  });

  it('adds nobody to a feed by an update, not even by one of the baseline', () => {
    const { events } = claimsOf(aUserEvent({ type: 'user.updated', origin: 'baseline' }));

    expect(Object.keys(events)).toStrictEqual([`${provisioning}:put:full`]);
  });

  it('closes the account of whoever had no status before', () => {
    const status = { to: 'suspended' } as const;

    expect(Object.keys(claimsOf(aUserEvent({ type: 'user.status_changed', data: { status } })).events)).toContain(
      `${provisioning}:deactivate`,
    );
  });

  it.each([
    ['an update that shows a status', aUserEvent({ data: { status: { from: 'suspended', to: 'active' } } })],
    ['a change of status that does not say of which', aUserEvent({ type: 'user.status_changed', data: noStatus })],
  ])('neither opens nor closes an account by %s', (_, event) => {
    expect(Object.keys(claimsOf(event).events)).toStrictEqual([`${provisioning}:put:full`]);
  });
});

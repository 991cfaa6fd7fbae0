import type { AnyUserEvent } from './published-event.ts';
import { scimAttributes, toScimUser } from './scim-user.ts';

/** What the token says of itself. Ids of users are unique within a connection only: give each an issuer of its own. */
export type TokenOptions = {
  readonly issuer: string;
  readonly audience?: string | readonly string[];
  /** When the token is issued. */
  readonly issuedAt: Date;
  /** Of this token, where one event becomes several; else the event's id, so that a repeated event is the same token. */
  readonly tokenId?: string;
};

/** Claims of a security event token, not signed: whoever delivers it signs it. */
export type SecurityEventClaims = {
  readonly iss: string;
  readonly iat: number;
  readonly jti: string;
  readonly aud?: string | readonly string[];
  readonly txn: string;
  readonly toe?: number;
  readonly sub_id: { readonly format: 'scim'; readonly uri: string; readonly externalId?: string };
  readonly events: { readonly [uri: string]: object };
};

const feedPrefix = 'urn:ietf:params:scim:event:feed';
const provisioningPrefix = 'urn:ietf:params:scim:event:prov';
const disabled: readonly string[] = ['inactive', 'suspended', 'deleted'];

/**
 * The claims of a SET (RFC 8417) with the SCIM events (RFC 9967) that a user event amounts to. `toe` stands there only
 * where the vendor says when it happened. The mapping and its reasons: docs/events.md.
 */
export function toSecurityEventToken(event: AnyUserEvent, options: TokenOptions): SecurityEventClaims {
  const { metadata, data } = event;
  const { issuer, audience, issuedAt, tokenId = metadata.eventId } = options;
  const { externalId } = data.user;
  return {
    iss: issuer,
    iat: numericDate(issuedAt.getTime()),
    jti: tokenId,
    ...(audience !== undefined && { aud: audience }),
    txn: metadata.eventId,
    ...(metadata.occurredAt !== undefined && { toe: numericDate(Date.parse(metadata.occurredAt)) }),
    sub_id: {
      format: 'scim',
      uri: `/Users/${encodeURIComponent(metadata.userId)}`,
      ...(externalId !== undefined && { externalId }),
    },
    events: scimEvents(event),
  };
}

function scimEvents(event: AnyUserEvent): SecurityEventClaims['events'] {
  const { type, metadata } = event;
  if (type === 'user.deleted')
    return metadata.reason.code === 'left_scope'
      ? { [`${feedPrefix}:remove`]: {} }
      : { [`${provisioningPrefix}:delete`]: {} };
  if (type === 'user.created' && metadata.origin !== 'baseline' && metadata.origin !== 'resync')
    return content('create', event);
  // The baseline and a resync state what is there: nobody was created just now.
  const isAdded = type === 'user.created' && metadata.origin === 'baseline';
  return { ...(isAdded && { [`${feedPrefix}:add`]: {} }), ...content('put', event), ...activation(event) };
}

/** With the whole user, or where the event does not hold him whole, with the names of what changed. */
function content(method: 'create' | 'put', { metadata, data }: AnyUserEvent): SecurityEventClaims['events'] {
  const version = `W/"${metadata.epoch}.${metadata.revision}"`;
  if (data.thin || data.truncated !== undefined) {
    const fields = method === 'create' || data.changedFields.length === 0 ? Object.keys(data.user) : data.changedFields;
    const attributes = scimAttributes(fields);
    return { [`${provisioningPrefix}:${method}:notice`]: { version, attributes } };
  }
  return { [`${provisioningPrefix}:${method}:full`]: { version, data: toScimUser(data.user) } };
}

/** Whether a change of the status opens or closes the account. Words between the two say neither. */
function activation({ type, data: { status } }: AnyUserEvent): SecurityEventClaims['events'] {
  if (type !== 'user.status_changed' || status === undefined || status.to === status.from) return {};
  if (status.to === 'active') return { [`${provisioningPrefix}:activate`]: {} };
  const closes = disabled.includes(status.to) && !disabled.includes(status.from ?? '');
  return closes ? { [`${provisioningPrefix}:deactivate`]: {} } : {};
}

function numericDate(ms: number): number {
  return Math.floor(ms / 1_000);
}

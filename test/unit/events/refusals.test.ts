import { describe, expect, it } from 'vitest';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { detailJsonSchema } from '../../../src/events/detail-json-schema.ts';
import { parseFeedEvent } from '../../../src/events/parse-feed-event.ts';
import { parseUserEvent } from '../../../src/events/parse-user-event.ts';
import { userEventPattern } from '../../../src/events/user-event-pattern.ts';
import { sampleEnvelope } from '../../../tools/contract/sample-envelope.ts';
import { sampleEvents } from '../../../tools/contract/sample-events.ts';
import { aBatch } from '../../support/builders.ts';

const samples = sampleEvents();
const [created] = samples;
const envelope = sampleEnvelope(created as never) as unknown as Record<string, Record<string, object>>;

const ofType = (type: unknown) => ({ ...envelope, 'detail-type': type });
const ofVersion = (schemaVersion: unknown, type: string = 'user.created') => ({
  ...ofType(type),
  detail: { ...envelope.detail, metadata: { ...envelope.detail?.metadata, schemaVersion } },
});

/** Code, message and context of what reading something ends with. */
function faultOf(read: () => unknown) {
  try {
    return { was: `read: ${typeof read()}` };
  } catch (error) {
    const { code, message, context } = error as { code?: string; message: string; context?: object };
    return { code, message, context };
  }
}

const invalid = (path: string, expected: string) => ({
  code: 'event.invalid',
  message: `not an event of the feed${path === '' ? '' : ` at ${path}`}: ${expected}`,
  context: { path },
});

describe('what is no event of the feed', () => {
  it.each<[string, unknown, object]>([
    ['no JSON', 'text', invalid('', 'expected an envelope of EventBridge, as object or JSON')],
    ['a number', 5, invalid('', 'expected an envelope of EventBridge, as object or JSON')],
    ['an object of anything', {}, invalid('', 'expected detail-type and detail, or type, metadata and data')],
    ['of another source', { ...envelope, source: 'aws.s3' }, invalid('source', 'expected source user-change-feed')],
    ['of a type that is no text', ofType(5), invalid('detail-type', 'expected a string')],
    ['without detail', { ...envelope, detail: [] }, invalid('detail', 'expected an object')],
    ['of a type of somebody else', ofType('order.paid'), invalid('detail-type', 'expected user.… or connection.…')],
    ['of a type within another', ofType('crm.user.merged'), invalid('detail-type', 'expected user.… or connection.…')],
  ])('is refused with what is expected and where: %s', (_, input, fault) => {
    expect(faultOf(() => parseFeedEvent(input))).toStrictEqual(fault);
  });

  it('is not looked for in a message that is no text', () => {
    expect(parseFeedEvent({ ...(created as object), Message: 1 })).toMatchObject({ type: 'user.created' });
  });

  it('is refused where it says no version', () => {
    expect(faultOf(() => parseFeedEvent(ofVersion(undefined)))).toStrictEqual({
      code: 'event.invalid',
      message: 'not a user.created of schema version 1.0 at metadata.schemaVersion: expected string',
      context: { path: 'metadata.schemaVersion' },
    });
  });
});

describe('an event of a later version', () => {
  it.each([['user.merged'], ['connection.status.noticed'], [`user.${'a'.repeat(95)}`]])(
    'of the type %s is told apart by its type',
    (type) => {
      expect(faultOf(() => parseFeedEvent(ofType(type)))).toStrictEqual({
        code: 'event.unknown_type',
        message: `${type} is not known to schema version 1.0: skip it`,
        context: { type },
      });
    },
  );

  it.each([`user.${'a'.repeat(96)}`, 'Ada user.merged', 'user.merged Ada', 'user'])(
    'is no event where its type is none: %s',
    (type) => {
      expect(faultOf(() => parseFeedEvent(ofType(type))).code).toBe('event.invalid');
    },
  );

  it('is of another major version where the number before the dot differs, however many digits it has', () => {
    expect(faultOf(() => parseFeedEvent(ofVersion('10.0')))).toMatchObject({ code: 'event.other_version' });
  });

  it.each(['Ada user.merged', 'user.merged Ada'])('is named without what does not look like a type: %s', (type) => {
    expect(faultOf(() => parseFeedEvent(ofVersion('2.0', type))).message).toBe(
      'an event of unreadable type has schema version 2.0, this package reads 1.0: update it',
    );
  });
});

describe(parseUserEvent, () => {
  it('says of an event about a connection that it is one', () => {
    const removed = samples.find(({ type }) => type === 'connection.removed');

    expect(faultOf(() => parseUserEvent(removed)).message).toBe(
      'connection.removed is about a connection, not about a user: skip it',
    );
  });
});

describe(userEventPattern, () => {
  it('says of a filter that is too long what to do, and of no part of it', () => {
    const message = 'the pattern has 3085 characters, a rule takes 2048: use two rules, or a prefix';
    const types = ['user.deleted'] as const;
    const around = JSON.stringify(userEventPattern({ types, connections: ['c'] })).length - 1;

    expect(faultOf(() => userEventPattern({ types, connections: ['c'.repeat(3085 - around)] }))).toStrictEqual({
      code: 'config.invalid',
      message,
      context: { faults: [{ path: '', message }] },
    });
  });

  it('refuses null for a part', () => {
    expect(faultOf(() => userEventPattern({ tenants: null } as never))).toStrictEqual({
      code: 'config.invalid',
      message: 'filter.tenants: expected a list of at least one value',
      context: { faults: [{ path: 'tenants', message: 'expected a list of at least one value' }] },
    });
  });
});

describe(composeEvents, () => {
  it('refuses events of a sweep in a batch that names none', () => {
    const { sweep: _, ...unnamed } = aBatch({ position: 7 });
    const batch = { ...unnamed, connectionChanges: [{ sequence: 1, type: 'sweep_completed' as const }] };

    expect(faultOf(() => composeEvents(batch))).toStrictEqual({
      code: 'internal.invariant',
      message: 'batch 7 of acme-openproject holds events of a sweep and names none',
      context: { invariant: 'events_name_sweep' },
    });
  });
});

describe(detailJsonSchema, () => {
  it('refuses a type that the contract does not have', () => {
    expect(() => detailJsonSchema('user.merged' as never, 'draft-2020-12')).toThrow(
      'no schema is known of user.merged: expected a type of the contract',
    );
  });
});

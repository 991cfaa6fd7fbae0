import { describe, expect, it } from 'vitest';
import { parseFeedEvent } from '../../../src/events/parse-feed-event.ts';
import { parseUserEvent } from '../../../src/events/parse-user-event.ts';
import { sampleEnvelope } from '../../../tools/contract/sample-envelope.ts';
import { sampleEvents } from '../../../tools/contract/sample-events.ts';

const samples = sampleEvents().map((event) => [event.type, event] as const);
const [created] = sampleEvents();
const envelope = sampleEnvelope(created as never);
const text = JSON.stringify(envelope);
const notification = { Type: 'Notification', MessageId: 'm', TopicArn: 't', Message: text };

/** The error of an input. */
function faultOf(input: unknown, parse: (input: unknown) => unknown = parseFeedEvent): Error & { code?: string } {
  try {
    return new Error(`was read: ${typeof parse(input)}`);
  } catch (thrown) {
    return thrown as Error;
  }
}

/** The envelope with a value elsewhere in its detail, at a path of names. */
function withValue(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(envelope) as object as Record<string, never>;
  const holder = path.slice(0, -1).reduce<Record<string, never>>((part, name) => part[name] ?? {}, copy);
  const name = path.at(-1) ?? '';
  if (value === undefined) delete holder[name];
  else holder[name] = value as never;
  return copy;
}

describe(parseFeedEvent, () => {
  it.each(samples)('reads a %s as EventBridge delivers it', (_, event) => {
    expect(parseFeedEvent(sampleEnvelope(event))).toStrictEqual(event);
  });

  it.each([
    ['JSON text', text],
    ['the record of a queue, in Lambda', { messageId: '1', body: text }],
    ['a message of a queue, of the SDK', { MessageId: '1', Body: text }],
    ['the record of a topic, in Lambda', { EventSource: 'aws:sns', Sns: notification }],
    ['a notification', notification],
    ['a queue that subscribes to a topic', { body: JSON.stringify(notification) }],
    ['an event', created],
  ])('reads %s', (_, input) => {
    expect(parseFeedEvent(input)).toStrictEqual(created);
  });

  it('unwraps what queues and topics wrap, and no more than that', () => {
    const wrapped = (times: number): string => (times === 0 ? text : JSON.stringify({ body: wrapped(times - 1) }));

    expect(parseFeedEvent(wrapped(4))).toStrictEqual(created);
    expect(faultOf(wrapped(5)).code).toBe('event.invalid');
  });

  it('passes on fields that a later version adds', () => {
    expect(parseFeedEvent(withValue(['detail', 'data', 'later'], 1))).toHaveProperty('data.later', 1);
    expect(parseFeedEvent(withValue(['detail', 'metadata', 'schemaVersion'], '1.7'))).toHaveProperty(
      'metadata.schemaVersion',
      '1.7',
    );
  });

  it.each([
    [['detail', 'metadata', 'sweep', 'mode'], 'probe'],
    [['detail', 'metadata', 'reason', 'code'], 'of_a_later_version'],
    [['detail', 'metadata', 'vendor'], 'sixth'],
  ])('lets the open set at %j grow', (path, value) => {
    expect(() => parseFeedEvent(withValue(path, value))).not.toThrow();
  });

  it('tells a type of a later version apart, so that it can be skipped', () => {
    const fault = faultOf(withValue(['detail-type'], 'user.merged'));

    expect(fault).toMatchObject({ code: 'event.unknown_type', disposition: 'skip', context: { type: 'user.merged' } });
    expect(faultOf(withValue(['detail-type'], 'connection.paused')).code).toBe('event.unknown_type');
  });

  it('tells another major version apart, also of a type it does not know', () => {
    const other = withValue(['detail', 'metadata', 'schemaVersion'], '2.0') as object;

    expect(faultOf(other)).toMatchObject({ code: 'event.other_version', context: { schemaVersion: '2.0' } });
    expect(faultOf({ ...other, 'detail-type': 'user.merged' }).code).toBe('event.other_version');
    expect(faultOf(other).message).toBe('user.created has schema version 2.0, this package reads 1.0: update it');
  });

  it.each(['Lovelace 2', '2 Lovelace', `2${'.0'.repeat(10)}`])('repeats no version that is none: %s', (version) => {
    const fault = faultOf(withValue(['detail', 'metadata', 'schemaVersion'], version));

    expect(fault.message).toBe('user.created has schema version unreadable, this package reads 1.0: update it');
    expect(fault).toMatchObject({ code: 'event.other_version', context: { schemaVersion: 'unreadable' } });
  });

  it('repeats neither a version nor a type that does not look like one', () => {
    const version = faultOf(withValue(['detail', 'metadata', 'schemaVersion'], 'Ada Lovelace'));
    const long = faultOf(withValue(['detail-type'], `user.${'lovelace_'.repeat(20)}`));

    expect(version.message).toBe('user.created has schema version unreadable, this package reads 1.0: update it');
    expect(long.code).toBe('event.invalid');
    expect(JSON.stringify([version.message, { ...version }, long.message, { ...long }])).not.toMatch(/lovelace/i);
  });

  it.each([
    [['detail', 'metadata', 'revision'], 0, 'metadata.revision: expected more than 0'],
    [['detail', 'metadata', 'eventId'], 'x', 'metadata.eventId: expected uuid'],
    [['detail', 'data', 'user', 'id'], 42, 'data.user.id: expected string'],
    [['detail', 'data', 'user', 'emails'], [{ value: 1 }], 'data.user.emails.0.value: expected string'],
    [['detail', 'data', 'user'], undefined, 'data.user: expected object'],
    [
      ['detail', 'data', 'user', 'status'],
      'Frozen Countess',
      'data.user.status: expected active or invited or pending or inactive or suspended or deleted or unknown',
    ],
  ])('names the place %j and what is expected there', (path, value, said) => {
    const fault = faultOf(withValue(path, value));

    expect(fault).toMatchObject({ code: 'event.invalid', context: { path: said.split(':')[0] } });
    expect(fault.message).toBe(`not a user.created of schema version 1.0 at ${said}`);
  });

  it.each([
    ['nothing', undefined],
    ['text that is no JSON', 'Ada Lovelace <ada@example.com>'],
    ['a list', [envelope]],
    ['an envelope of somebody else', { ...envelope, source: 'aws.Ada Lovelace' }],
    ['a type of somebody else', withValue(['detail-type'], 'Ada Lovelace')],
    ['an envelope without detail', { ...envelope, detail: 'Ada Lovelace' }],
  ])('refuses %s without repeating it', (_, input) => {
    const fault = faultOf(input);

    expect(fault.code).toBe('event.invalid');
    expect(JSON.stringify([fault.message, fault.cause, { ...fault }])).not.toMatch(/ada l|lovelace/i);
  });

  it('says nothing of a user in the name of a place', () => {
    const fault = faultOf(
      withValue(['detail', 'data', 'user', 'identifiers'], { 'Ada Lovelace': undefined, b: () => 1 }),
    );

    expect(JSON.stringify([fault.message, { ...fault }])).not.toMatch(/lovelace/i);
  });
});

describe(parseUserEvent, () => {
  it('reads an event about a user', () => {
    expect(parseUserEvent(text)).toStrictEqual(created);
  });

  it('tells an event about a connection apart, so that it can be skipped', () => {
    const [, removed] = samples.find(([type]) => type === 'connection.removed') ?? [];

    expect(faultOf(removed, parseUserEvent)).toMatchObject({
      code: 'event.wrong_kind',
      disposition: 'skip',
      context: { type: 'connection.removed' },
    });
  });
});

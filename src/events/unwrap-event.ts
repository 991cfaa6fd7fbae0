import { FeedError } from '../model/feed-error.ts';
import { eventSource } from './feed-event.ts';

/** Wrappings around one another, as in an SQS body that holds an SNS message that holds an envelope. */
const deepest = 4;

export type UnwrappedEvent = { readonly type: string; readonly metadata: unknown; readonly data: unknown };

/**
 * Type and detail out of whatever brought them: an envelope of EventBridge, JSON text, the record of an SQS queue or of
 * an SNS topic, a notification of SNS, or an event itself.
 * @throws event.invalid for anything else
 */
export function unwrapEvent(input: unknown, depth = 0): UnwrappedEvent {
  const holder = asObject(typeof input === 'string' ? parseJson(input) : input);
  if (holder === undefined || depth > deepest)
    throw notAnEvent('expected an envelope of EventBridge, as object or JSON');
  const inner = innerOf(holder);
  if (inner !== undefined) return unwrapEvent(inner, depth + 1);
  if ('detail-type' in holder) return ofEnvelope(holder);
  const { type, metadata, data } = holder;
  if (typeof type !== 'string') throw notAnEvent('expected detail-type and detail, or type, metadata and data');
  return { type, metadata, data };
}

/** What a record of a queue or a topic holds. */
function innerOf(holder: Readonly<Record<string, unknown>>): unknown {
  if (typeof holder.body === 'string') return holder.body;
  if (typeof holder.Body === 'string') return holder.Body;
  const notification = asObject(holder.Sns) ?? holder;
  return typeof notification.Message === 'string' ? notification.Message : undefined;
}

function ofEnvelope(envelope: Readonly<Record<string, unknown>>): UnwrappedEvent {
  if (envelope.source !== eventSource) throw notAnEvent(`expected source ${eventSource}`, 'source');
  const type = envelope['detail-type'];
  const detail = asObject(envelope.detail);
  if (typeof type !== 'string') throw notAnEvent('expected a string', 'detail-type');
  if (detail === undefined) throw notAnEvent('expected an object', 'detail');
  return { type, metadata: detail.metadata, data: detail.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The fault is not kept as a cause: its message quotes the text, and that holds users.
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

function notAnEvent(expected: string, path = ''): FeedError<'event.invalid'> {
  const place = path === '' ? 'not an event of the feed' : `not an event of the feed at ${path}`;
  return new FeedError('event.invalid', `${place}: ${expected}`, { path });
}

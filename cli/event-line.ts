import * as z from 'zod/mini';
import type { BusEvent } from '../local/event-bus/bus-event.ts';
import { connectionEventSchema, type UserEvent, userEventSchema } from '../src/events/feed-event.ts';

const longestValue = 40;
const eventSchema = z.union([userEventSchema, connectionEventSchema]);

/** A delivered event as one readable line: when, what, who, what changed, and why. */
export function eventLine(delivered: BusEvent): string {
  const { type, metadata, data } = eventSchema.parse({ ...delivered.detail, type: delivered['detail-type'] });
  const head = `${metadata.observedAt.slice(11, 19)} ${type.padEnd(20)} ${metadata.connectionId}`;
  return oneLine('user' in data ? `${head} ${describeUser({ type, metadata, data } as UserEvent)}` : head);
}

function describeUser({ metadata, data }: UserEvent): string {
  const { user, changes, status } = data;
  const who = [metadata.userId, user.displayName ?? user.userName].filter((part) => part !== undefined).join(' ');
  const what = changes.map(({ field, from, to }) => `${field}: ${show(from)} -> ${show(to)}`);
  if (what.length === 0 && status?.from !== undefined) what.push(`status: ${show(status.from)} -> ${show(status.to)}`);
  return [who, ...(what.length > 0 ? [what.join(', ')] : []), metadata.reason.code].join(' | ');
}

function show(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}

/** Without control characters: a name with a line break or an escape sequence must not write to the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

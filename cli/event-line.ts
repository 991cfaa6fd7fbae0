import type { BusEvent } from '../local/event-bus/bus-event.ts';
import { type EventHold, type FeedEvent, feedEventSchema, type UserEvent } from '../src/events/feed-event.ts';
import type { NoticeEvent } from '../src/events/notice-event.ts';
import { type Paint, plainPaint, type Style } from './paint.ts';
import { plainText } from './plain-text.ts';

const longestValue = 40;
const typeWidth = 20;
const styles: { readonly [type: string]: Style } = {
  'user.created': 'green',
  'user.updated': 'bold',
  'user.status_changed': 'yellow',
  'user.deleted': 'red',
  'connection.changes_held': 'yellow',
};

/** A delivered event as one readable line: when, what, who, what changed, and why. */
export function eventLine(delivered: BusEvent, paint: Paint = plainPaint): string {
  const event = feedEventSchema.parse({ ...delivered.detail, type: delivered['detail-type'] });
  const { type, metadata } = event;
  const time = metadata.observedAt.slice(11, 19);
  const told = [type.padEnd(typeWidth).slice(type.length), metadata.connectionId, ...describeEvent(event)].join(' ');
  return `${time} ${paint(styles[type] ?? 'bold', type)}${plainText(told)}`;
}

function describeEvent(event: FeedEvent | NoticeEvent): readonly string[] {
  if (isUserEvent(event)) return [describeUser(event)];
  return 'hold' in event.data ? [describeHold(event.data.hold as EventHold)] : [];
}

function isUserEvent(event: FeedEvent | NoticeEvent): event is UserEvent {
  return 'user' in event.data;
}

function describeUser({ metadata, data }: UserEvent): string {
  const { user } = data;
  const { code, evidence } = metadata.reason;
  const who = [metadata.userId, user.displayName ?? user.userName].filter((part) => part !== undefined).join(' ');
  const what = data.thin ? thinChanges(data) : fullChanges(data);
  const why = evidence?.releasedFrom === undefined ? code : `${code}, released from ${show(evidence.releasedFrom)}`;
  return [who, ...(what.length > 0 ? [what.join(', ')] : []), why].join(' | ');
}

function fullChanges({ changes, status }: UserEvent['data']): readonly string[] {
  return changes.length > 0
    ? changes.map(({ field, from, to }) => `${field}: ${show(from)} -> ${show(to)}`)
    : statusChanges(status);
}

/** Values are known of the status only. */
function thinChanges({ changes, status }: UserEvent['data']): readonly string[] {
  const others = changes.filter(({ field }) => field !== 'status' || status === undefined);
  return [...statusChanges(status), ...others.map(({ field, op }) => `${field}: ${op}`)];
}

function statusChanges(status: UserEvent['data']['status']): readonly string[] {
  return status?.from === undefined ? [] : [`status: ${show(status.from)} -> ${show(status.to)}`];
}

/** Which hold, how many changes of which kind, why they are kept back, and what became of them. */
function describeHold({ holdId, kind, reason, count, fields, brake, ending }: EventHold): string {
  const numbers =
    brake && `: ${brake.found} found and ${brake.recent} recent, limit ${brake.limit} of ${brake.liveUsers}`;
  const why = [`${reason}${numbers ?? ''}`, ...(fields ?? [])].join(' ');
  return [holdId, `${count} ${kind}`, why, ...(ending === undefined ? [] : [ending])].join(' | ');
}

function show(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}

import { hash } from 'node:crypto';
import type { UserEvent } from './feed-event.ts';

/**
 * The largest event that is published whole. The bus takes 1 MB a call; 256 KB is what every kind of target takes.
 * Source: AWS, EventBridge PutEvents and the quotas of its targets.
 */
export const maxEventBytes = 256 * 1024 - 2048;

type Placeholder = { readonly count: number; readonly digest: string };
const keptFields = new Set(['id', 'status']);
/** Characters of a raw status that stay where it is too long. */
const keptStatusLength = 100;

/**
 * The event itself where it fits, else one whose longest values are replaced by their count and digest, longest
 * first: they vanish from `user`, stand in `before` and `changes` as placeholders, and `truncated` names them.
 */
export function truncateEvent(event: UserEvent): UserEvent {
  let fitting = event;
  const fields = longestFields(event);
  for (const field of fields) {
    if (jsonBytes(fitting) <= maxEventBytes) break;
    fitting = withoutField(fitting, field);
  }
  return fitting;
}

function withoutField(event: UserEvent, field: string): UserEvent {
  const { data } = event;
  const { [field]: value, ...user } = data.user;
  const before =
    data.before && Object.hasOwn(data.before, field)
      ? { ...data.before, [field]: placeholder(data.before[field]) }
      : data.before;
  return {
    ...event,
    data: {
      ...data,
      user: user as UserEvent['data']['user'],
      ...(before && { before }),
      ...(field === 'rawStatus' && data.status && { status: shortStatus(data.status) }),
      changes: data.changes.map((change) => (ownerOf(change.field) === field ? shortened(change) : change)),
      truncated: [...(data.truncated ?? []), field],
      ...(value !== undefined && { truncatedValues: { ...data.truncatedValues, [field]: placeholder(value) } }),
    },
  };
}

function shortened(change: UserEvent['data']['changes'][number]): UserEvent['data']['changes'][number] {
  return {
    ...change,
    ...(change.from !== undefined && { from: placeholder(change.from) }),
    ...(change.to !== undefined && { to: placeholder(change.to) }),
  };
}

function shortStatus(status: NonNullable<UserEvent['data']['status']>): NonNullable<UserEvent['data']['status']> {
  return {
    ...status,
    ...(status.rawFrom !== undefined && { rawFrom: status.rawFrom.slice(0, keptStatusLength) }),
    ...(status.rawTo !== undefined && { rawTo: status.rawTo.slice(0, keptStatusLength) }),
  };
}

/** Fields of the user and of `before`, the longest first, then by name. */
function longestFields({ data }: UserEvent): readonly string[] {
  const names = new Set([...Object.keys(data.user), ...Object.keys(data.before ?? {})]);
  const sized = [...names]
    .filter((name) => !keptFields.has(name))
    .map((name) => ({ name, bytes: jsonBytes(data.user[name]) + jsonBytes(data.before?.[name]) }));
  return sized.sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function ownerOf(path: string): string {
  return path.startsWith('vendorAttributes.') ? 'vendorAttributes' : path;
}

function placeholder(value: unknown): Placeholder {
  const text = JSON.stringify(value);
  const count = Array.isArray(value) || typeof value === 'string' ? value.length : Object.keys(Object(value)).length;
  return { count, digest: hash('sha256', text).slice(0, 16) };
}

function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}

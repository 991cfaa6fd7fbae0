import { canonicalJson } from '../src/diff/canonical-json.ts';
import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';

export type ChangedConnection = {
  readonly connection: Connection;
  /** The settings that differ, as a connection file names them; no value, which could be a secret pasted by mistake. */
  readonly keys: readonly string[];
};

/** What it takes to have the connections of a file. */
export type ConnectionPlan = {
  readonly added: readonly Connection[];
  readonly changed: readonly ChangedConnection[];
  readonly unchanged: readonly ConnectionId[];
  /** There, but not in the file. */
  readonly extra: readonly ConnectionId[];
};

/** Compares the connections of a file with those that are there. */
export function planConnections(wanted: readonly Connection[], present: readonly Connection[]): ConnectionPlan {
  const before = new Map(present.map((connection) => [connection.id, connection]));
  const known = wanted.flatMap((connection) => {
    const saved = before.get(connection.id);
    return saved === undefined ? [] : [{ connection, keys: changedKeys(saved, connection) }];
  });
  const named = new Set(wanted.map(({ id }) => id));
  return {
    added: wanted.filter(({ id }) => !before.has(id)),
    changed: known.filter(({ keys }) => keys.length > 0),
    unchanged: known.filter(({ keys }) => keys.length === 0).map(({ connection }) => connection.id),
    extra: present.map(({ id }) => id).filter((id) => !named.has(id)),
  };
}

/** Settings that a connection file names differently, or has in a group. */
const fileNames: { readonly [Key in keyof Connection]?: string } = {
  everySeconds: 'every',
  deltaEverySeconds: 'deltaEvery',
  ignoredFields: 'fields.ignore',
  emitSweepCompleted: 'events.sweepCompleted',
};
/** Settings whose parts are told one by one, and the group that a file has them in. */
const groups: { readonly [Key in keyof Connection]?: string } = {
  credentials: 'credentials',
  deletion: 'deletion',
  brake: 'brake',
  protection: 'fields',
  options: 'options',
  users: 'users',
};

function changedKeys(before: Connection, after: Connection): readonly string[] {
  const keys = unionOf(before, after) as readonly (keyof Connection)[];
  return keys.flatMap((key) => {
    if (isSame(before[key], after[key])) return [];
    const group = groups[key];
    return group === undefined ? [fileNames[key] ?? key] : changedParts(group, before[key], after[key]);
  });
}

function changedParts(group: string, before: unknown = {}, after: unknown = {}): readonly string[] {
  const [from, to] = [before, after] as readonly Readonly<Record<string, unknown>>[];
  return unionOf(from ?? {}, to ?? {})
    .filter((name) => !isSame(from?.[name], to?.[name]))
    .map((name) => `${group}.${name}`);
}

function isSame(before: unknown, after: unknown): boolean {
  return canonicalJson(before) === canonicalJson(after);
}

function unionOf(before: object, after: object): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
}

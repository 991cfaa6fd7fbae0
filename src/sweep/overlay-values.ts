import type { ConnectionId } from '../model/ids.ts';

/** Values of one kind that stand before those of a base: by connection and key, deletions included. */
export type OverlayValues<Key extends string | number, Value> = {
  /** Null where the value was removed, undefined where the base decides. */
  find(id: ConnectionId, key: Key): Value | null | undefined;
  set(id: ConnectionId, key: Key, value: Value): void;
  /** Hides what the base has under a key. */
  remove(id: ConnectionId, key: Key): void;
  read(id: ConnectionId, key: Key, readBase: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /** The values of both in the order of their keys, each key once. */
  merge(
    id: ConnectionId,
    base: AsyncIterable<Value> | Iterable<Value>,
    rule: MergeRule<Key, Value>,
  ): AsyncIterable<Value>;
};

export type MergeRule<Key, Value> = {
  readonly keyOf: (value: Value) => Key;
  /** In which order the base yields them; rising where left out. */
  readonly order?: 'rising' | 'falling';
  /** Which of the overlay's own keys were asked for; all of them where left out. */
  readonly isAskedFor?: (key: Key) => boolean;
};

export function createOverlayValues<Key extends string | number, Value>(): OverlayValues<Key, Value> {
  const connections = new Map<ConnectionId, Map<Key, Value | null>>();
  const ownOf = (id: ConnectionId): Map<Key, Value | null> => {
    const own = connections.get(id) ?? new Map<Key, Value | null>();
    connections.set(id, own);
    return own;
  };
  return {
    find: (id, key) => ownOf(id).get(key),
    set: (id, key, value) => void ownOf(id).set(key, value),
    remove: (id, key) => void ownOf(id).set(key, null),
    async read(id, key, readBase) {
      const own = ownOf(id).get(key);
      return own === undefined ? readBase() : (own ?? undefined);
    },
    merge: (id, base, rule) => mergeOver(ownOf(id), base, rule),
  };
}

async function* mergeOver<Key extends string | number, Value>(
  own: ReadonlyMap<Key, Value | null>,
  base: AsyncIterable<Value> | Iterable<Value>,
  { keyOf, order = 'rising', isAskedFor = () => true }: MergeRule<Key, Value>,
): AsyncIterable<Value> {
  const isBefore = (a: Key, b: Key) => (order === 'rising' ? a < b : a > b);
  const waiting = [...own.keys()].filter(isAskedFor).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  let next = 0;
  for await (const value of base) {
    const key = keyOf(value);
    for (; isNextBefore(waiting[next], key, isBefore); next += 1) yield* present(own.get(waiting[next] as Key));
    if (!own.has(key)) yield value;
  }
  for (const key of waiting.slice(next)) yield* present(own.get(key));
}

function isNextBefore<Key>(next: Key | undefined, key: Key, isBefore: (a: Key, b: Key) => boolean): boolean {
  return next !== undefined && isBefore(next, key);
}

function present<Value>(value: Value | null | undefined): readonly Value[] {
  return value === null || value === undefined ? [] : [value];
}

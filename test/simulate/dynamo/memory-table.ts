import type { Attributes } from './attribute-value.ts';

export type ItemKey = { readonly pk: string; readonly sk: string };
/** One write of one item. `after` is absent where it was deleted. */
export type TableWrite = {
  readonly key: ItemKey;
  readonly before: Attributes | undefined;
  readonly after: Attributes | undefined;
};

/** Everything in a table at one moment. */
export type TableImage = ReadonlyMap<string, ReadonlyMap<string, Attributes>>;

/** Items by partition and sort key. Items are never changed, only replaced. */
export type MemoryTable = {
  get(key: ItemKey): Attributes | undefined;
  put(key: ItemKey, item: Attributes | undefined): void;
  /** The items of a partition by rising sort key. */
  partition(pk: string): readonly Attributes[];
  /** Every item, in no particular order. */
  items(): Iterable<Attributes>;
  image(): TableImage;
  restore(image: TableImage): void;
};

export function createMemoryTable(onWrite: (write: TableWrite) => void = () => undefined): MemoryTable {
  let partitions = new Map<string, Map<string, Attributes>>();
  return {
    get: ({ pk, sk }) => partitions.get(pk)?.get(sk),
    put(key, item) {
      const { pk, sk } = key;
      const partition = partitions.get(pk) ?? new Map<string, Attributes>();
      const before = partition.get(sk);
      if (item === undefined) partition.delete(sk);
      else partition.set(sk, item);
      partitions.set(pk, partition);
      onWrite({ key, before, after: item });
    },
    partition(pk) {
      const entries = [...(partitions.get(pk) ?? [])];
      // The order of UTF-16 is that of UTF-8, but for characters that no key here has.
      return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    },
    *items() {
      for (const partition of partitions.values()) yield* partition.values();
    },
    image: () => new Map([...partitions].map(([pk, items]) => [pk, new Map(items)])),
    restore(image) {
      partitions = new Map([...image].map(([pk, items]) => [pk, new Map(items)]));
    },
  };
}

export function keyOf(attributes: Attributes): ItemKey {
  return { pk: attributes.pk?.S ?? '', sk: attributes.sk?.S ?? '' };
}

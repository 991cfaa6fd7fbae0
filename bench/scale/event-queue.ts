/** What happens next, by its time; what is put in for the same time comes out in the order in which it was put in. */
export type EventQueue = {
  put(at: number, what: number): void;
  /** The time of the next one; infinity for none. */
  readonly nextAt: number;
  /** Takes the next one out. */
  take(): number;
};

type Entry = { readonly at: number; readonly order: number; readonly what: number };

/** A binary heap: there are millions of entries in a day. */
export function createEventQueue(): EventQueue {
  const heap: Entry[] = [];
  let order = 0;
  const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const rise = (from: number) => {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >>> 1;
      if (!swapIf(at, above)) return;
      at = above;
    }
  };
  const sink = () => {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = right < heap.length && isBefore(entry(right), entry(left)) ? right : left;
      if (least >= heap.length || !swapIf(least, at)) return;
      at = least;
    }
  };
  const entry = (at: number) => heap[at] as Entry;
  /** Puts the earlier of two into the upper place. */
  const swapIf = (lower: number, upper: number) => {
    const [a, b] = [entry(lower), entry(upper)];
    if (!isBefore(a, b)) return false;
    heap[lower] = b;
    heap[upper] = a;
    return true;
  };
  return {
    put(at, what) {
      heap.push({ at, order, what });
      order += 1;
      rise(heap.length - 1);
    },
    get nextAt() {
      return heap[0]?.at ?? Number.POSITIVE_INFINITY;
    },
    take() {
      const first = entry(0);
      const last = heap.pop() as Entry;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first.what;
    },
  };
}

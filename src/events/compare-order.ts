/** The place of an event in the order of its connection. */
export type EventPlace = { readonly epoch: number; readonly sequence: number };

/** Sorts events of one connection, by their metadata: below zero when the first comes before the second. */
export function compareOrder(a: EventPlace, b: EventPlace): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

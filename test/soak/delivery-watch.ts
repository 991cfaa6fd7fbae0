import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';

/** How long events took, in milliseconds. */
export type DeliveryTimes = {
  /** From the page that showed a change to the delivery of its event. */
  readonly fromPage: readonly number[];
  /** From the change at the vendor, with the wait for the next sweep and for whoever is absent to be believed absent. */
  readonly fromChange: readonly number[];
};

export type DeliveryWatch = {
  readonly times: DeliveryTimes;
  changed(connectionIds: readonly string[], userId: string, atMs: number): void;
  /** Says whether the event came from a sweep that a fault has held up: then its time is not counted. */
  delivered(event: BusEvent, atMs: number, isHeldUp: boolean): void;
};

export function createDeliveryWatch(): DeliveryWatch {
  const fromPage: number[] = [];
  const fromChange: number[] = [];
  const waiting = new Map<string, number>();
  return {
    times: { fromPage, fromChange },
    changed(connectionIds, userId, atMs) {
      for (const id of connectionIds) {
        const key = `${id} ${userId}`;
        if (!waiting.has(key)) waiting.set(key, atMs);
      }
    },
    delivered({ 'detail-type': type, detail }, atMs, isHeldUp) {
      if (!type.startsWith('user.')) return;
      const { metadata } = detail as unknown as UserEvent;
      if (metadata.origin !== 'live') return;
      const key = `${metadata.connectionId} ${metadata.userId}`;
      const changedAt = waiting.get(key);
      waiting.delete(key);
      if (isHeldUp) return;
      fromPage.push(atMs - Date.parse(metadata.observedAt));
      if (changedAt !== undefined) fromChange.push(atMs - changedAt);
    },
  };
}

/** The value below which this share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

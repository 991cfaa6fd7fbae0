import type { ToldEvent } from '../api/told-event.ts';

/** Hears of events. None at all: events before this may be missing, whoever shows them has to read them. */
export type LiveListener = (events: readonly ToldEvent[]) => void;

/** Passes new events on to every page that is open. */
export type LiveEvents = {
  offer(event: ToldEvent): void;
  /** Tells every page that it may lack events. */
  interrupt(): void;
  /** Answers how to stop listening. */
  listen(listener: LiveListener): () => void;
  /** Whether any page is open. */
  hasListeners(): boolean;
};

export function createLiveEvents(): LiveEvents {
  const listeners = new Set<LiveListener>();
  const tell = (events: readonly ToldEvent[]) => {
    for (const listener of listeners) listener(events);
  };
  return {
    offer: (event) => tell([event]),
    interrupt: () => tell([]),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hasListeners: () => listeners.size > 0,
  };
}

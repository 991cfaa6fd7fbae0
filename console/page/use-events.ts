import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ToldEvent, ToldEvents } from '../api/told-event.ts';
import { ask, type Fault, isFault } from './ask.ts';
import { onEvents } from './live.ts';

export type EventFilter = { readonly connection: string; readonly type: string; readonly user: string };

export type KnownEvents = {
  /** The newest first. */
  readonly events: readonly ToldEvent[];
  readonly fault: Fault | undefined;
  /** Whether the first page is there. */
  readonly isLoaded: boolean;
  /** Whether there may be older ones. */
  readonly hasMore: boolean;
  /** Connections whose events are not among them. */
  readonly leftOut: number;
  readonly loadMore: () => void;
};

type Known = {
  readonly filter: string;
  readonly events: readonly ToldEvent[];
  readonly next: string | undefined;
  readonly leftOut: number;
  readonly fault: Fault | undefined;
  readonly isLoaded: boolean;
};

const pageSize = 200;

/** The events that fit a filter: those that come, and older ones as far as somebody has scrolled. */
export function useEvents({ connection, type, user }: EventFilter): KnownEvents {
  const filter = new URLSearchParams({ connection, type, user, limit: String(pageSize) }).toString();
  const nothing = useMemo(() => knowNothing(filter), [filter]);
  const [known, setKnown] = useState(nothing);
  const shown = known.filter === filter ? known : nothing;
  /** Goes with the filter: answers to another one come too late. */
  const asking = useRef({ signal: new AbortController().signal, isBusy: false });

  const load = useCallback(
    async (before: string) => {
      const own = asking.current;
      own.isBusy = true;
      const path = `/api/events?${filter}&before=${encodeURIComponent(before)}`;
      const answer = await ask<ToldEvents>(path, own.signal).catch(() => undefined);
      own.isBusy = false;
      if (answer === undefined || own.signal.aborted) return;
      const add = before === '' ? addNewest : addOlder;
      setKnown((old) => add(old.filter === filter ? old : nothing, answer));
    },
    [filter, nothing],
  );

  useEffect(() => {
    const leaving = new AbortController();
    asking.current = { signal: leaving.signal, isBusy: false };
    void load('');
    const stop = onEvents((arrived) => {
      if (arrived.length === 0) void load('');
      const fitting = arrived.filter((event) => fits(event, { connection, type, user }));
      if (fitting.length === 0) return;
      setKnown((last) => {
        const old = last.filter === filter ? last : nothing;
        return { ...old, events: joined(fitting.toReversed(), old.events) };
      });
    });
    return () => {
      stop();
      leaving.abort();
    };
  }, [load, filter, nothing, connection, type, user]);

  const { next } = shown;
  const loadMore = useCallback(() => {
    if (next !== undefined && !asking.current.isBusy) void load(next);
  }, [next, load]);
  return { ...shown, hasMore: next !== undefined, loadMore };
}

function knowNothing(filter: string): Known {
  return { filter, events: [], next: undefined, leftOut: 0, fault: undefined, isLoaded: false };
}

/** The first page, perhaps not for the first time: what came while nobody listened is in it, or there was more than a page of it. */
function addNewest(old: Known, answer: ToldEvents | Fault): Known {
  if (isFault(answer)) return { ...old, fault: answer, isLoaded: true };
  const { events, next, leftOut } = answer;
  const known = new Set(old.events.map(({ key }) => key));
  const isJoined = next === undefined || events.some(({ key }) => known.has(key));
  const fresh = { ...old, leftOut, fault: undefined, isLoaded: true };
  if (old.isLoaded && isJoined) return { ...fresh, events: joined(events, old.events), next: old.next };
  return { ...fresh, events: old.isLoaded ? events : joined(old.events, events), next };
}

function addOlder(old: Known, answer: ToldEvents | Fault): Known {
  if (isFault(answer)) return { ...old, fault: answer };
  return { ...old, events: joined(old.events, answer.events), next: answer.next, fault: undefined };
}

/** An event that came while others were asked for is in both. */
function joined(newer: readonly ToldEvent[], older: readonly ToldEvent[]): readonly ToldEvent[] {
  const keys = new Set(newer.map(({ key }) => key));
  return [...newer, ...older.filter(({ key }) => !keys.has(key))];
}

/** As the server filters. */
function fits(event: ToldEvent, { connection, type, user }: EventFilter): boolean {
  if (connection !== '' && event.connectionId !== connection) return false;
  if (!event.type.startsWith(type)) return false;
  if (user === '') return true;
  const text = user.toLowerCase();
  return event.userId !== undefined && [event.userId, event.who].some((one) => one.toLowerCase().includes(text));
}

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ToldEvent } from '../api/told-event.ts';
import { Link } from './link.tsx';
import { TypeMark } from './marks.tsx';
import { withQuery } from './place.ts';

const overscan = 6;
/** From how near to the end older events are asked for. */
const nearEnd = 40;

type EventListProps = {
  readonly events: readonly ToldEvent[];
  readonly open: string;
  readonly onNearEnd: () => void;
};

/** Any number of events; only those in sight, and a few around them, are in the document. */
export function EventList({ events, open, onNearEnd }: EventListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600, row: 34 });
  const first = Math.max(0, Math.floor(view.top / view.row) - overscan);
  const end = Math.min(events.length, Math.ceil((view.top + view.height) / view.row) + overscan);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => {
      const row = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 34;
      setView({ top: element.scrollTop, height: element.clientHeight, row });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  useEffect(() => {
    if (end > events.length - nearEnd) onNearEnd();
  }, [end, events.length, onNearEnd]);

  useStillness(frame, events, view.row);

  return (
    <div class="events" ref={frame} data-count={events.length}>
      <ul style={{ height: `${events.length * view.row}px` }}>
        {events.slice(first, end).map((event, at) => (
          <EventRow
            key={event.key}
            event={event}
            at={first + at}
            of={events.length}
            row={view.row}
            isOpen={event.key === open}
          />
        ))}
      </ul>
    </div>
  );
}

/** Whoever has scrolled down keeps what he is reading in its place when something new comes above it. */
function useStillness(
  frame: { readonly current: HTMLDivElement | null },
  events: readonly ToldEvent[],
  row: number,
): void {
  const top = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const before = events.findIndex(({ key }) => key === top.current);
    if (frame.current !== null && before > 0 && frame.current.scrollTop > 0) frame.current.scrollTop += before * row;
    top.current = events[0]?.key;
  }, [events, row, frame]);
}

type RowProps = {
  readonly event: ToldEvent;
  readonly at: number;
  readonly of: number;
  readonly row: number;
  readonly isOpen: boolean;
};

function EventRow({ event, at, of, row, isOpen }: RowProps) {
  return (
    <li style={{ transform: `translateY(${at * row}px)` }} aria-setsize={of} aria-posinset={at + 1}>
      <Link
        to={withQuery({ open: event.key })}
        class="event"
        data-row={at}
        data-key={event.key}
        aria-current={isOpen ? 'true' : undefined}
      >
        <time dateTime={event.at}>{event.at.slice(11, 19)}</time>
        <TypeMark type={event.type} />
        <span class="who">{event.who}</span>
        <span class="what">{event.what || event.why}</span>
        <span class="where">{event.connectionId}</span>
      </Link>
    </li>
  );
}

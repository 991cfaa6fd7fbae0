import { useCallback } from 'preact/hooks';
import type { ToldConnections } from '../api/told-connection.ts';
import { EventList } from './event-list.tsx';
import { EventStory } from './event-story.tsx';
import { Link } from './link.tsx';
import { isLive } from './live.ts';
import { go, place, withQuery } from './place.ts';
import { showCount } from './show.ts';
import { Empty, Failed, Loading } from './states.tsx';
import { useAnswer } from './use-answer.ts';
import { type KnownEvents, useEvents } from './use-events.ts';
import { useTyped } from './use-typed.ts';

const types = [
  ['', 'all types'],
  ['user.', 'users'],
  ['user.created', 'created'],
  ['user.updated', 'updated'],
  ['user.status_changed', 'status changed'],
  ['user.deleted', 'deleted'],
  ['connection.', 'connections'],
] as const;

/** The feed: what happens, as it happens, and what has happened before. */
export function EventsView() {
  const { query } = place.value;
  const filter = {
    connection: query.get('connection') ?? '',
    type: query.get('type') ?? '',
    user: query.get('user') ?? '',
  };
  const open = query.get('open') ?? '';
  const known = useEvents(filter);
  return (
    <div class={open === '' ? 'feed' : 'feed open'}>
      <div class="feed-list">
        <h1>
          Feed <LiveMark />
        </h1>
        <Filters {...filter} />
        <p class="meta" role="status">
          {showCount(known.events.length)}
          {known.hasMore ? '+' : ''} events, the newest first; times are UTC
          {known.leftOut > 0 && `; ${showCount(known.leftOut)} connections are left out, choose one to see its events`}
        </p>
        <FeedBody known={known} open={open} isFiltered={Object.values(filter).some((one) => one !== '')} />
      </div>
      {open !== '' && <EventStory open={open} />}
    </div>
  );
}

type BodyProps = { readonly known: KnownEvents; readonly open: string; readonly isFiltered: boolean };

function FeedBody({ known, open, isFiltered }: BodyProps) {
  const { events, fault, isLoaded, loadMore } = known;
  if (events.length > 0)
    return (
      <>
        {fault !== undefined && <Failed fault={fault} />}
        <EventList events={events} open={open} onNearEnd={loadMore} />
      </>
    );
  if (fault !== undefined) return <Failed fault={fault} />;
  if (!isLoaded) return <Loading />;
  if (isFiltered)
    return (
      <Empty>
        <strong>No event fits the filter</strong>
        <p>
          <Link to="/events">All events</Link>
        </p>
      </Empty>
    );
  return (
    <Empty>
      <strong>No events yet</strong>
      <p>The first complete list of a connection is a silent baseline. What changes after it appears here.</p>
    </Empty>
  );
}

function LiveMark() {
  return isLive.value ? (
    <span class="live on">
      <span aria-hidden="true">●</span> live
    </span>
  ) : (
    <span class="live">
      <span aria-hidden="true">○</span> not live
    </span>
  );
}

type Filter = { readonly connection: string; readonly type: string; readonly user: string };

function Filters({ connection, type, user }: Filter) {
  const { answer } = useAnswer<ToldConnections>('/api/connections');
  const ids = (answer?.connections ?? []).map(({ id }) => id);
  const all = connection === '' || ids.includes(connection) ? ids : [connection, ...ids];
  const filter = useCallback((text: string) => go(withQuery({ user: text, open: '' }), { replace: true }), []);
  const [text, setText] = useTyped(user, filter);
  const set = (name: string) => (event: Event) =>
    go(withQuery({ [name]: (event.currentTarget as HTMLSelectElement).value, open: '' }));
  return (
    <search class="filters">
      <label>
        <span>User</span>
        <input
          type="search"
          data-filter
          placeholder="name or id ( / )"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label>
        <span>Type</span>
        <select value={type} onChange={set('type')}>
          {types.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Connection</span>
        <select value={connection} onChange={set('connection')}>
          <option value="">all connections</option>
          {all.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}

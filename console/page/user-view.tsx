import type { ToldEvents } from '../api/told-event.ts';
import type { ToldUserDetail } from '../api/told-user.ts';
import { EventStory } from './event-story.tsx';
import { Facts } from './facts.tsx';
import { Link } from './link.tsx';
import { TypeMark } from './marks.tsx';
import { place, withQuery } from './place.ts';
import { showTime } from './show.ts';
import { Empty, Shown } from './states.tsx';
import { useAnswer } from './use-answer.ts';

/** One user: who he is now, and what happened to him. */
export function UserView({ id, user }: { readonly id: string; readonly user: string }) {
  const open = place.value.query.get('open') ?? '';
  const known = useAnswer<ToldUserDetail>(
    `/api/connections/${encodeURIComponent(id)}/users/${encodeURIComponent(user)}`,
  );
  return (
    <div class={open === '' ? 'feed' : 'feed open'}>
      <div class="feed-list">
        <p class="back">
          <Link to={`/users/${id}`}>Users of {id}</Link>
        </p>
        <Shown known={known}>
          {({ user: one, fields }) => (
            <>
              <h1>{one.name}</h1>
              <p class="meta">
                {one.presence}, revision {one.revision}, last changed {showTime(one.observedAt)} UTC
              </p>
              <History id={id} user={user} />
              <details open>
                <summary>As known now</summary>
                <Facts facts={fields} />
              </details>
            </>
          )}
        </Shown>
      </div>
      {open !== '' && <EventStory open={open} />}
    </div>
  );
}

function History({ id, user }: { readonly id: string; readonly user: string }) {
  const query = new URLSearchParams({ connection: id, user, limit: '200' });
  const known = useAnswer<ToldEvents>(`/api/events?${query}`);
  return (
    <>
      <h2>History</h2>
      <Shown known={known}>
        {({ events }) => {
          const own = events.filter(({ userId }) => userId === user);
          return own.length === 0 ? (
            <Empty>
              <p>No events: he has been as he is since the baseline, or what happened is no longer kept.</p>
            </Empty>
          ) : (
            <ol class="history">
              {own.map(({ key, at, type, what, why }, index) => (
                <li key={key}>
                  <Link to={withQuery({ open: key })} data-row={index} data-key={key}>
                    <time dateTime={at}>{showTime(at)}</time> <TypeMark type={type} />
                  </Link>
                  <p>{what}</p>
                  <small>{why}</small>
                </li>
              ))}
            </ol>
          );
        }}
      </Shown>
    </>
  );
}

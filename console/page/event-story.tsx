import type { ToldEventDetail } from '../api/told-event.ts';
import { Facts } from './facts.tsx';
import { Link } from './link.tsx';
import { TypeMark } from './marks.tsx';
import { withQuery } from './place.ts';
import { showTime } from './show.ts';
import { Shown } from './states.tsx';
import { useAnswer } from './use-answer.ts';

/** An event, opened: why it was published, and the user before and after. */
export function EventStory({ open }: { readonly open: string }) {
  const known = useAnswer<ToldEventDetail>(`/api/events/${encodeURIComponent(open)}`, { once: true });
  return (
    <section class="story" aria-label="The event that is open">
      <p class="back">
        <Link to={withQuery({ open: '' })}>Close</Link>
      </p>
      <Shown known={known}>{(detail) => <Story detail={detail} />}</Shown>
    </section>
  );
}

function Story({ detail: { event, reasons, sides, evidence, published } }: { readonly detail: ToldEventDetail }) {
  return (
    <>
      <h2>
        <TypeMark type={event.type} /> {event.who}
      </h2>
      <p class="meta">
        {showTime(event.at)} UTC · <Link to={`/connections/${event.connectionId}`}>{event.connectionId}</Link>
        {event.userId !== undefined && (
          <>
            {' · '}
            <Link to={`/users/${event.connectionId}/${encodeURIComponent(event.userId)}`}>history of this user</Link>
          </>
        )}
      </p>
      <h3>Why</h3>
      <ol class="reasons">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ol>
      {sides.length > 0 && <Sides sides={sides} />}
      {evidence.length > 0 && (
        <details>
          <summary>Evidence of the sweep</summary>
          <Facts facts={evidence} />
        </details>
      )}
      <details>
        <summary>As published</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse */}
        <pre tabIndex={0}>{published}</pre>
      </details>
    </>
  );
}

function Sides({ sides }: Pick<ToldEventDetail, 'sides'>) {
  const changed = sides.filter(({ isChanged }) => isChanged);
  const same = sides.filter(({ isChanged }) => !isChanged);
  const facts = same.map(({ field, before, after }) => ({ name: field, value: after ?? before ?? '' }));
  return (
    <>
      <h3>Before and after</h3>
      <table class="sides">
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ field, before, after }) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td>{before === undefined ? <Nothing /> : <del>{before}</del>}</td>
              <td>{after === undefined ? <Nothing /> : <ins>{after}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {facts.length > 0 && (
        <details open={changed.length < 4}>
          <summary>
            {facts.length} unchanged {facts.length === 1 ? 'field' : 'fields'}
          </summary>
          <Facts facts={facts} />
        </details>
      )}
    </>
  );
}

function Nothing() {
  return <span class="nothing">none</span>;
}

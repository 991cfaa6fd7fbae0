import { useState } from 'preact/hooks';
import type { ToldEvent } from '../api/told-event.ts';
import type { ToldHold, ToldHoldDetail } from '../api/told-hold.ts';
import { type Fault, isFault, order } from './ask.ts';
import { Facts } from './facts.tsx';
import { Link } from './link.tsx';
import { TypeMark } from './marks.tsx';
import { showCount } from './show.ts';
import { Failed, Shown } from './states.tsx';
import { useAnswer } from './use-answer.ts';

/** A hold: what it would become, and the decision. */
export function HoldView({ id }: { readonly id: string }) {
  const known = useAnswer<ToldHoldDetail>(`/api/holds/${encodeURIComponent(id)}`);
  return (
    <>
      <p class="back">
        <Link to="/holds">Holds</Link>
      </p>
      <Shown known={known}>
        {({ hold, facts, preview }) => (
          <>
            <h1>
              {hold.name} {wasOrIs(hold)} held
            </h1>
            <p class="meta">
              <Link to={`/connections/${hold.connectionId}`}>{hold.connectionId}</Link> · {hold.why}
            </p>
            {hold.standing === 'open' ? (
              <DecisionForm hold={hold} onDecided={known.reload} />
            ) : (
              <div class="finding" role="status">
                <strong>{hold.standing === 'ended' ? 'This hold has ended' : 'This hold is decided'}</strong>
                <p>{hold.said}</p>
              </div>
            )}
            <Preview hold={hold} preview={preview} />
            <details>
              <summary>All about this hold</summary>
              <Facts facts={facts} />
            </details>
          </>
        )}
      </Shown>
    </>
  );
}

type FormProps = { readonly hold: ToldHold; readonly onDecided: () => void };

function DecisionForm({ hold, onDecided }: FormProps) {
  const [why, setWhy] = useState('');
  const [asked, setAsked] = useState<'approved' | 'rejected'>();
  const [fault, setFault] = useState<Fault>();
  const [isBusy, setIsBusy] = useState(false);
  const decide = async (verdict: 'approved' | 'rejected') => {
    setIsBusy(true);
    const answer = await order<object>(`/api/holds/${encodeURIComponent(hold.holdId)}`, { verdict, why: why.trim() });
    setIsBusy(false);
    setFault(isFault(answer) ? answer : undefined);
    onDecided();
  };
  return (
    <section class="decision" aria-label="Decision">
      <label>
        <span>Why, for whoever looks at it later</span>
        <textarea rows={2} maxLength={1000} value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
      </label>
      {asked === undefined ? (
        <p class="buttons">
          <button type="button" class="primary" onClick={() => setAsked('approved')}>
            Approve…
          </button>
          <button type="button" onClick={() => setAsked('rejected')}>
            Reject…
          </button>
        </p>
      ) : (
        <div role="alert">
          <p>{consequences[asked]} The first decision counts, and there is no way to take it back.</p>
          <p class="buttons">
            <button type="button" class="primary" disabled={isBusy} onClick={() => void decide(asked)}>
              {asked === 'approved' ? 'Approve, publish' : 'Reject, never publish'}
            </button>
            <button type="button" onClick={() => setAsked(undefined)}>
              Cancel
            </button>
          </p>
        </div>
      )}
      {fault !== undefined && <Failed fault={fault} />}
    </section>
  );
}

function wasOrIs({ standing, count }: ToldHold): string {
  if (standing === 'ended') return count === 1 ? 'was' : 'were';
  return count === 1 ? 'is' : 'are';
}

const consequences = {
  approved: 'The next complete full sweep publishes what is still true of it, once.',
  rejected: 'The next complete full sweep accepts it silently: it is never published.',
} as const;

type PreviewProps = { readonly hold: ToldHold; readonly preview: readonly ToldEvent[] };

function Preview({ hold, preview }: PreviewProps) {
  if (hold.standing === 'ended') return null;
  return (
    <section>
      <h2>What it would become</h2>
      {preview.length === 0 ? (
        <p>No events: users keep their old values until the vendor shows them again.</p>
      ) : (
        <>
          <p class="meta">
            {preview.length} of {showCount(hold.count)} shown; what is no longer true by then is left out
          </p>
          <table class="rows stack">
            <thead>
              <tr>
                <th scope="col">user</th>
                <th scope="col">event</th>
                <th scope="col">what</th>
                <th scope="col">why</th>
              </tr>
            </thead>
            <tbody>
              {preview.map((event, at) => (
                <tr key={event.key}>
                  <th scope="row">
                    <Link to={`/users/${event.connectionId}/${encodeURIComponent(event.userId ?? '')}`} data-row={at}>
                      {event.who}
                    </Link>
                  </th>
                  <td data-label="event">
                    <TypeMark type={event.type} />
                  </td>
                  <td data-label="what">{event.what}</td>
                  <td data-label="why">{event.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

import type { ToldHolds } from '../api/told-hold.ts';
import { Link } from './link.tsx';
import { showTime } from './show.ts';
import { Empty, Shown } from './states.tsx';
import { useAnswer } from './use-answer.ts';

/** What is kept back for a decision, and what was decided. */
export function HoldsView() {
  const known = useAnswer<ToldHolds>('/api/holds');
  return (
    <>
      <h1>Holds</h1>
      <Shown known={known}>
        {({ holds }) =>
          holds.length === 0 ? (
            <Empty>
              <strong>Nothing is held</strong>
              <p>Too many changes at once, an empty list or a field that nearly everybody lost would wait here.</p>
            </Empty>
          ) : (
            <HoldTable holds={holds} />
          )
        }
      </Shown>
    </>
  );
}

const shapes = { open: '■', decided: '◐', ended: '●' } as const;

function HoldTable({ holds }: ToldHolds) {
  return (
    <table class="rows stack">
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">connection</th>
          <th scope="col">why</th>
          <th scope="col">opened (UTC)</th>
          <th scope="col">standing</th>
        </tr>
      </thead>
      <tbody>
        {holds.map((hold, at) => (
          <tr key={hold.holdId}>
            <th scope="row">
              <Link to={`/holds/${hold.holdId}`} data-row={at}>
                {hold.name}
              </Link>
            </th>
            <td data-label="connection">{hold.connectionId}</td>
            <td data-label="why">{hold.why}</td>
            <td data-label="opened">{showTime(hold.openedAt)}</td>
            <td data-label="standing">
              <span class={`mark ${hold.standing}`}>
                <span aria-hidden="true">{shapes[hold.standing]}</span> {hold.standing}
              </span>
              <small>{hold.said}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

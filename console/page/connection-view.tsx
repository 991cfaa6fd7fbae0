import { useMemo } from 'preact/hooks';
import type { ToldConnectionDetail } from '../api/told-connection.ts';
import type { ToldSweep, ToldSweeps } from '../api/told-sweep.ts';
import { Chart } from './chart.tsx';
import { Facts } from './facts.tsx';
import { Link } from './link.tsx';
import { HealthMark } from './marks.tsx';
import { place, withQuery } from './place.ts';
import { showAge, showCount, showTime } from './show.ts';
import { Empty, Shown } from './states.tsx';
import { SweepButton } from './sweep-button.tsx';
import { useAnswer } from './use-answer.ts';

/** A connection: how it stands, its sweeps over time, and what each of them proved. */
export function ConnectionView({ id }: { readonly id: string }) {
  const path = `/api/connections/${encodeURIComponent(id)}`;
  const known = useAnswer<ToldConnectionDetail>(path);
  const sweeps = useAnswer<ToldSweeps>(`${path}/sweeps`);
  return (
    <>
      <p class="back">
        <Link to="/">Connections</Link>
      </p>
      <h1>{id}</h1>
      <Shown known={known}>{(detail) => <Standing {...detail} />}</Shown>
      <SweepButton id={id} onAsked={sweeps.reload} />
      <Shown known={sweeps}>{(told) => <Sweeps sweeps={told.sweeps} />}</Shown>
      <Shown known={known}>
        {({ settings }) => (
          <details>
            <summary>Settings and counters</summary>
            <Facts facts={settings} />
          </details>
        )}
      </Shown>
    </>
  );
}

function Standing({ connection: one, now }: ToldConnectionDetail) {
  return (
    <>
      <p class="meta">
        <HealthMark health={one.health} /> · {one.vendor} · {showCount(one.users)} users · last complete{' '}
        {one.lastCompleteAt === undefined ? 'never' : showAge(one.lastCompleteAt, now)} ·{' '}
        <Link to={`/events?connection=${one.id}`}>its events</Link> · <Link to={`/users/${one.id}`}>its users</Link>
      </p>
      {one.findings.map(({ message, remedy }) => (
        <div class="finding" key={message}>
          <strong>{message}</strong>
          <p>{remedy}</p>
        </div>
      ))}
    </>
  );
}

function Sweeps({ sweeps }: { readonly sweeps: readonly ToldSweep[] }) {
  const open = place.value.query.get('open') ?? '';
  const points = usePoints(sweeps);
  if (sweeps.length === 0)
    return (
      <Empty>
        <strong>Not swept yet</strong>
        <p>The first sweep takes a silent baseline.</p>
      </Empty>
    );
  return (
    <section>
      <h2>Sweeps</h2>
      <div class="charts">
        <figure>
          <figcaption>users on the list</figcaption>
          <Chart kind="line" name="users" points={points.users} label={`Users on the list, ${sweeps.length} sweeps`} />
        </figure>
        <figure>
          <figcaption>changes of a sweep</figcaption>
          <Chart kind="bars" name="changes" points={points.changes} label={`Changes, ${sweeps.length} sweeps`} />
        </figure>
      </div>
      <table class="rows stack">
        <thead>
          <tr>
            <th scope="col">started (UTC)</th>
            <th scope="col">outcome</th>
            {columns.map(([name]) => (
              <th scope="col" class="number" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sweeps.map((sweep, at) => (
            <SweepRow key={sweep.sweepId} sweep={sweep} at={at} isOpen={sweep.sweepId === open} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const columns = [
  ['seen', ({ seen }: ToldSweep) => seen],
  ['created', ({ created }: ToldSweep) => created],
  ['updated', ({ updated }: ToldSweep) => updated],
  ['status', ({ statusChanged }: ToldSweep) => statusChanged],
  ['deleted', ({ deleted }: ToldSweep) => deleted],
  ['held', ({ held }: ToldSweep) => held],
  ['missing', ({ missing }: ToldSweep) => missing],
] as const;

const shapes: Readonly<Record<string, string>> = { complete: '●', baseline: '●', held: '■', incomplete: '◐' };

type RowProps = { readonly sweep: ToldSweep; readonly at: number; readonly isOpen: boolean };

function SweepRow({ sweep, at, isOpen }: RowProps) {
  return (
    <>
      <tr>
        <th scope="row">
          <Link
            to={withQuery({ open: isOpen ? '' : sweep.sweepId })}
            data-row={at}
            data-key={sweep.sweepId}
            aria-expanded={isOpen}
          >
            {showTime(sweep.startedAt)}
          </Link>
        </th>
        <td data-label="outcome">
          <span aria-hidden="true">{shapes[sweep.outcome] ?? '▲'}</span> {sweep.outcome}
        </td>
        {columns.map(([name, of]) => (
          <td data-label={name} class="number" key={name}>
            {of(sweep) === 0 ? <span class="zero">0</span> : showCount(of(sweep))}
          </td>
        ))}
      </tr>
      {isOpen && (
        <tr class="opened">
          <td colSpan={columns.length + 2}>
            <Facts facts={sweep.facts} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Sweeps that failed before the list ended say nothing about how many users there are. */
function usePoints(sweeps: readonly ToldSweep[]) {
  const newest = sweeps[0]?.sweepId;
  return useMemo(() => {
    const oldestFirst = sweeps.filter(({ mode }) => mode === 'full').toReversed();
    const at = ({ startedAt }: ToldSweep) => Date.parse(startedAt) / 1_000;
    const changesOf = (one: ToldSweep) => one.created + one.updated + one.statusChanged + one.deleted;
    return {
      users: oldestFirst
        .filter(({ outcome }) => outcome !== 'failed' && outcome !== 'busy')
        .map((one) => [at(one), one.seen] as const),
      changes: oldestFirst.map((one) => [at(one), changesOf(one)] as const),
    };
  }, [newest, sweeps.length]);
}

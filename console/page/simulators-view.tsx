import { useEffect, useState } from 'preact/hooks';
import type { ToldConnectionDetail } from '../api/told-connection.ts';
import type { ToldEvent } from '../api/told-event.ts';
import type { ToldPerson, ToldSimulator, ToldSimulators } from '../api/told-simulator.ts';
import { type Fault, isFault, order } from './ask.ts';
import { Link } from './link.tsx';
import { onEvents } from './live.ts';
import { HealthMark, TypeMark } from './marks.tsx';
import { place } from './place.ts';
import { Failed, Shown } from './states.tsx';
import { SweepButton } from './sweep-button.tsx';
import { useAnswer } from './use-answer.ts';

type Act = (body: object) => void;

/** The simulated vendors: change their users, let them misbehave, and see what the feed makes of it. */
export function SimulatorsView() {
  const known = useAnswer<ToldSimulators>('/api/simulators');
  const [fault, setFault] = useState<Fault>();
  return (
    <>
      <h1>Simulators</h1>
      {fault !== undefined && <Failed fault={fault} />}
      <Shown known={known}>
        {({ simulators }) => {
          const wanted = place.value.query.get('vendor');
          const shown = simulators.find(({ vendor }) => vendor === wanted) ?? simulators[0];
          if (shown === undefined) return <p>This feed polls real vendors.</p>;
          const steer = async (body: object) => {
            const answer = await order<ToldSimulators>(`/api/simulators/${shown.vendor}`, body);
            setFault(isFault(answer) ? answer : undefined);
            known.reload();
          };
          const act: Act = (body) => void steer(body);
          return (
            <>
              <nav class="tabs" aria-label="Simulated vendors">
                {simulators.map(({ vendor }, at) => (
                  <Link
                    key={vendor}
                    to={`/simulators?vendor=${vendor}`}
                    data-row={at}
                    aria-current={vendor === shown.vendor ? 'page' : undefined}
                  >
                    {vendor}
                  </Link>
                ))}
              </nav>
              <Simulated key={shown.vendor} simulator={shown} act={act} />
            </>
          );
        }}
      </Shown>
    </>
  );
}

type SimulatedProps = { readonly simulator: ToldSimulator; readonly act: Act };

function Simulated({ simulator, act }: SimulatedProps) {
  return (
    <div class="simulator">
      <section>
        <h2>What the feed makes of it</h2>
        <Consequence id={simulator.connectionId} />
      </section>
      <section>
        <h2>Users</h2>
        <p class="buttons">
          {wholes.map(([name, label]) => (
            <button type="button" key={name} onClick={() => act({ act: name })}>
              {label}
            </button>
          ))}
        </p>
        <People people={simulator.people} act={act} />
      </section>
      <section>
        <h2>Traps</h2>
        <p class="meta">What real vendors do. A trap stays on until it is switched off.</p>
        <Traps simulator={simulator} act={act} />
      </section>
    </div>
  );
}

const wholes = [
  ['advance', 'Play a step'],
  ['add', 'Add a user'],
  ['block_all', 'Block everybody'],
  ['remove_most', 'Remove 60 %'],
] as const;

const shownEvents = 6;

/** The standing of its connection, and the events since this was opened. */
function Consequence({ id }: { readonly id: string }) {
  const known = useAnswer<ToldConnectionDetail>(`/api/connections/${encodeURIComponent(id)}`);
  const [events, setEvents] = useState<readonly ToldEvent[]>([]);
  useEffect(
    () =>
      onEvents((arrived) => {
        const own = arrived.filter(({ connectionId }) => connectionId === id);
        setEvents((before) => [...own.toReversed(), ...before].slice(0, shownEvents));
      }),
    [id],
  );
  return (
    <>
      <Shown known={known}>
        {({ connection: { health, findings, openHolds, users } }) => (
          <div>
            <HealthMark health={health} /> · {users} users · <Link to={`/connections/${id}`}>sweeps</Link>
            {openHolds > 0 && (
              <>
                {' · '}
                <Link to="/holds">decide on what is held</Link>
              </>
            )}
            {findings.map(({ message }) => (
              <p key={message} class="meta">
                {message}
              </p>
            ))}
          </div>
        )}
      </Shown>
      <SweepButton id={id} onAsked={known.reload} />
      <ul class="consequences" aria-live="polite">
        {events.length === 0 && <li class="nothing">no event since this page was opened</li>}
        {events.map((event) => (
          <li key={event.key}>
            <Link to={`/events?open=${encodeURIComponent(event.key)}`}>
              <TypeMark type={event.type} /> {event.who}
            </Link>{' '}
            <small>{event.what || event.why}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

function People({ people, act }: { readonly people: readonly ToldPerson[]; readonly act: Act }) {
  return (
    <div class="people">
      <table class="rows stack">
        <thead>
          <tr>
            <th scope="col">user</th>
            <th scope="col">status</th>
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ id, name, title, status }) => (
            <tr key={id}>
              <th scope="row">
                {name}
                <small>{title}</small>
              </th>
              <td data-label="status">{status}</td>
              <td class="buttons">
                {singles.map(([verb, label]) => (
                  <button
                    type="button"
                    key={verb}
                    aria-label={`${label} ${name}`}
                    onClick={() => act({ act: verb, id })}
                  >
                    {label}
                  </button>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const singles = [
  ['rename', 'Rename'],
  ['block', 'Block'],
  ['activate', 'Activate'],
  ['remove', 'Remove'],
] as const;

function Traps({ simulator: { traps }, act }: SimulatedProps) {
  const isAnyOn = traps.some(({ isOn }) => isOn);
  return (
    <>
      <ul class="traps">
        {traps.map(({ name, isOn, fired }) => (
          <li key={name}>
            <label>
              <input
                type="checkbox"
                checked={isOn}
                onChange={() => act({ act: isOn ? 'disarm' : 'arm', trap: name })}
              />
              {spelled(name)}
              {fired > 0 && <small>fired {fired} times</small>}
            </label>
          </li>
        ))}
      </ul>
      {isAnyOn && (
        <p class="buttons">
          <button type="button" onClick={() => act({ act: 'disarm_all' })}>
            Switch all off
          </button>
        </p>
      )}
    </>
  );
}

/** `emptyPageWithCursor` as words. */
function spelled(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

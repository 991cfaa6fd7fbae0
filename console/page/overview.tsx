import type { ToldConnection, ToldConnections, ToldHour } from '../api/told-connection.ts';
import { Link } from './link.tsx';
import { HealthMark } from './marks.tsx';
import { place, withQuery } from './place.ts';
import { showAge, showCount } from './show.ts';
import { Empty, Shown } from './states.tsx';
import { useAnswer } from './use-answer.ts';

/** Whether every connection is fresh, and what is not as it should be. */
export function Overview() {
  const after = place.value.query.get('after') ?? '';
  const known = useAnswer<ToldConnections>(`/api/connections?after=${encodeURIComponent(after)}`);
  return (
    <>
      <h1>Connections</h1>
      <Shown known={known}>
        {({ connections, now, next }) =>
          connections.length === 0 ? (
            <Empty>
              <strong>No connections yet</strong>
              <p>
                <code>ucf connections apply connections.json</code> adds some.
              </p>
            </Empty>
          ) : (
            <>
              <Verdict connections={connections} />
              <ConnectionTable connections={connections} now={now} />
              {next !== undefined && (
                <p>
                  <Link to={withQuery({ after: next })}>More connections</Link>
                </p>
              )}
              <Vendors connections={connections} />
            </>
          )
        }
      </Shown>
    </>
  );
}

/** The answer in one line, before any table. */
function Verdict({ connections }: { readonly connections: readonly ToldConnection[] }) {
  const wrong = connections.filter(({ health }) => health !== 'fresh' && health !== 'paused');
  const held = connections.filter(({ openHolds }) => openHolds > 0);
  return (
    <div class="verdict" role="status">
      {wrong.length === 0 ? (
        <p>Every connection is fresh, and nothing is held.</p>
      ) : (
        <p>
          {wrong.length} of {connections.length} need a look.
          {held.length > 0 && (
            <>
              {' '}
              <Link to="/holds">Changes are held</Link> for a decision.
            </>
          )}
        </p>
      )}
    </div>
  );
}

type TableProps = { readonly connections: readonly ToldConnection[]; readonly now: string };

function ConnectionTable({ connections, now }: TableProps) {
  return (
    <table class="rows stack connections">
      <thead>
        <tr>
          <th scope="col">connection</th>
          <th scope="col">health</th>
          <th scope="col" class="number">
            users
          </th>
          <th scope="col">last complete</th>
          <th scope="col">next</th>
          <th scope="col" class="number">
            changes, 24 h
          </th>
        </tr>
      </thead>
      <tbody>
        {connections.map((one, at) => (
          <tr key={one.id}>
            <th scope="row">
              <Link to={`/connections/${one.id}`} data-row={at}>
                {one.id}
              </Link>
              <small>
                {one.vendor}, every {one.every}, tenant {one.tenant}
              </small>
            </th>
            <td data-label="health">
              <HealthMark health={one.health} />
              {one.findings.map(({ message }) => (
                <small key={message} class="message" title={message}>
                  {message}
                </small>
              ))}
            </td>
            <td data-label="users" class="number">
              {showCount(one.users)}
            </td>
            <td data-label="last complete">
              {one.lastCompleteAt === undefined ? 'never' : showAge(one.lastCompleteAt, now)}
            </td>
            <td data-label="next">{one.nextDueAt === undefined ? '' : showAge(one.nextDueAt, now)}</td>
            <td data-label="changes, 24 h" class="number">
              {showCount(sumOf(one.recent))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const kinds = ['created', 'updated', 'status_changed', 'deleted'] as const;

/** Users and changes of each vendor, as lengths and numbers. */
function Vendors({ connections }: { readonly connections: readonly ToldConnection[] }) {
  const names = [...new Set(connections.map(({ vendor }) => vendor))].sort();
  const vendors = names.map((name) => {
    const own = connections.filter(({ vendor }) => vendor === name);
    const recent = own.flatMap((one) => one.recent);
    return { name, users: own.reduce((sum, { users }) => sum + users, 0), recent };
  });
  const most = Math.max(1, ...vendors.map(({ recent }) => sumOf(recent)));
  return (
    <section>
      <h2>By vendor</h2>
      <table class="rows stack vendors">
        <thead>
          <tr>
            <th scope="col">vendor</th>
            <th scope="col" class="number">
              users
            </th>
            <th scope="col">changes of 24 h</th>
          </tr>
        </thead>
        <tbody>
          {vendors.map(({ name, users, recent }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-label="users" class="number">
                {showCount(users)}
              </td>
              <td data-label="changes">
                <KindBar recent={recent} most={most} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function KindBar({ recent, most }: { readonly recent: readonly ToldHour[]; readonly most: number }) {
  const counts = kinds.map((kind) => [kind, recent.reduce((sum, hour) => sum + hour[kind], 0)] as const);
  const told = counts.filter(([, count]) => count > 0);
  return (
    <div class="kinds">
      <div class="bar" aria-hidden="true">
        {told.map(([kind, count]) => (
          <span key={kind} class={kind} style={{ width: `${(count / most) * 100}%` }} />
        ))}
      </div>
      <small>
        {told.length === 0 ? 'none' : told.map(([kind, count]) => `${count} ${kind.replace('_', ' ')}`).join(', ')}
      </small>
    </div>
  );
}

function sumOf(recent: readonly ToldHour[]): number {
  return recent.reduce((sum, hour) => sum + kinds.reduce((count, kind) => count + hour[kind], 0), 0);
}

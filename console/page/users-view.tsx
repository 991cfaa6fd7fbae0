import { useCallback } from 'preact/hooks';
import type { ToldConnections } from '../api/told-connection.ts';
import type { ToldUser, ToldUsers } from '../api/told-user.ts';
import { Link } from './link.tsx';
import { go, place, withQuery } from './place.ts';
import { showTime } from './show.ts';
import { Empty, Shown } from './states.tsx';
import { useAnswer } from './use-answer.ts';
import { useTyped } from './use-typed.ts';

/** The users of a connection; without one, which connections there are. */
export function UsersView({ id }: { readonly id: string | undefined }) {
  return id === undefined ? <ChooseConnection /> : <UsersOf id={id} />;
}

function ChooseConnection() {
  const known = useAnswer<ToldConnections>('/api/connections');
  return (
    <>
      <h1>Users</h1>
      <Shown known={known}>
        {({ connections }) => (
          <>
            <p>Of which connection?</p>
            <ul class="choices">
              {connections.map(({ id, users }, at) => (
                <li key={id}>
                  <Link to={`/users/${id}`} data-row={at}>
                    {id}
                  </Link>{' '}
                  <small>{users} users</small>
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </>
  );
}

function UsersOf({ id }: { readonly id: string }) {
  const search = place.value.query.get('search') ?? '';
  const find = useCallback((wanted: string) => go(withQuery({ search: wanted }), { replace: true }), []);
  const [text, setText] = useTyped(search, find);
  const known = useAnswer<ToldUsers>(
    `/api/connections/${encodeURIComponent(id)}/users?search=${encodeURIComponent(search)}`,
    { once: true },
  );
  return (
    <>
      <p class="back">
        <Link to="/users">Users</Link>
      </p>
      <h1>Users of {id}</h1>
      <search class="filters">
        <label>
          <span>Search</span>
          <input
            type="search"
            data-filter
            placeholder="name, address or id ( / )"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      </search>
      <Shown known={known}>
        {({ users, isPartial }) => (
          <>
            {isPartial && <p class="meta">There are more: search for somebody.</p>}
            {users.length === 0 ? (
              <Empty>
                <strong>Nobody fits</strong>
                <p>Before the first complete list nobody is known.</p>
              </Empty>
            ) : (
              <UserTable id={id} users={users} />
            )}
          </>
        )}
      </Shown>
    </>
  );
}

function UserTable({ id, users }: { readonly id: string; readonly users: readonly ToldUser[] }) {
  return (
    <table class="rows stack">
      <thead>
        <tr>
          <th scope="col">user</th>
          <th scope="col">status</th>
          <th scope="col">presence</th>
          <th scope="col" class="number">
            revision
          </th>
          <th scope="col">last changed (UTC)</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user, at) => (
          <tr key={user.userId}>
            <th scope="row">
              <Link to={`/users/${id}/${encodeURIComponent(user.userId)}`} data-row={at}>
                {user.name}
              </Link>
              <small>{user.userId}</small>
            </th>
            <td data-label="status">{user.status}</td>
            <td data-label="presence">{user.presence}</td>
            <td data-label="revision" class="number">
              {user.revision}
            </td>
            <td data-label="last changed">{showTime(user.observedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

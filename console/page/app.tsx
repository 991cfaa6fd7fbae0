import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ToldFeed } from '../api/told-feed.ts';
import { ConnectionView } from './connection-view.tsx';
import { EventsView } from './events-view.tsx';
import { HoldView } from './hold-view.tsx';
import { HoldsView } from './holds-view.tsx';
import { listenToKeys } from './keys.ts';
import { Link } from './link.tsx';
import { Overview } from './overview.tsx';
import { place } from './place.ts';
import { SimulatorsView } from './simulators-view.tsx';
import { Empty, Failed } from './states.tsx';
import { theme, themes } from './theme.ts';
import { refreshSeconds, useAnswer } from './use-answer.ts';
import { UserView } from './user-view.tsx';
import { UsersView } from './users-view.tsx';

/** The whole page. */
export function App() {
  const { answer: feed, fault } = useAnswer<ToldFeed>('/api/feed');
  useEffect(listenToKeys, []);
  const { names } = place.value;
  const section = names[0] ?? '';
  useEffect(() => {
    document.title = `${titleOf(names)} – user change feed`;
  }, [names]);
  useEffect(() => {
    if (feed !== undefined) refreshSeconds.value = feed.refreshSeconds;
  }, [feed]);
  if (fault?.status === 401) return <Failed fault={fault} />;
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <p class="brand">
          <strong>User change feed</strong> <small>{feed?.name}</small>
        </p>
        <nav aria-label="Pages">
          {pages
            .filter(([path]) => path !== 'simulators' || feed?.hasSimulators)
            .map(([path, label]) => (
              <Link key={path} to={`/${path}`} aria-current={isIn(section, path) ? 'page' : undefined}>
                {label}
              </Link>
            ))}
        </nav>
        <ThemeSwitch />
      </header>
      <main id="main" tabIndex={-1}>
        {fault !== undefined && <Failed fault={fault} />}
        {viewOf(names)}
      </main>
      <footer>
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open · <kbd>Esc</kbd> back · <kbd>/</kbd> filter
        <a class="licences" href="/assets/licences.txt">
          Licences
        </a>
      </footer>
    </>
  );
}

const pages = [
  ['', 'Overview'],
  ['events', 'Feed'],
  ['users', 'Users'],
  ['holds', 'Holds'],
  ['simulators', 'Simulators'],
] as const;

function isIn(section: string, path: string): boolean {
  return section === path || (section === 'connections' && path === '');
}

function titleOf(names: readonly string[]): string {
  const page = pages.find(([path]) => isIn(names[0] ?? '', path))?.[1] ?? 'Not found';
  return names.length > 1 ? `${names.at(-1)}, ${page.toLowerCase()}` : page;
}

const views: Readonly<Record<string, (first: string | undefined, second: string | undefined) => ComponentChild>> = {
  '': () => <Overview />,
  connections: (id) => (id === undefined ? <Overview /> : <ConnectionView key={id} id={id} />),
  events: () => <EventsView />,
  users: (id, user) =>
    id === undefined || user === undefined ? <UsersView key={id} id={id} /> : <UserView id={id} user={user} />,
  holds: (id) => (id === undefined ? <HoldsView /> : <HoldView key={id} id={id} />),
  simulators: () => <SimulatorsView />,
};

function viewOf([section = '', first, second]: readonly string[]): ComponentChild {
  const view = Object.hasOwn(views, section) ? views[section] : undefined;
  if (view !== undefined) return view(first, second);
  return (
    <Empty>
      <strong>There is no such page</strong>
      <p>
        <Link to="/">Overview</Link>
      </p>
    </Empty>
  );
}

function ThemeSwitch() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      class="theme"
      onClick={() => {
        theme.value = next;
      }}
    >
      Theme: {theme.value}
    </button>
  );
}

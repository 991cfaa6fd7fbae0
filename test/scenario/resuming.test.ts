import { describe, expect, it } from 'vitest';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import { cursor, type UserId, userId } from '../../src/model/ids.ts';
import type { Page } from '../../src/model/page.ts';
import type { PageAsk, UserList } from '../../src/sweep/ports.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import { loggedEvents, type TickSettings } from '../support/feed-under-test.ts';
import { type KeptBlobs, keptBlobs } from '../support/kept-blobs.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { slowList } from '../support/slow-list.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

/** Twenty stories, each told twice: the store is one in memory. */
const table = 'memory';

type Sweep = (settings?: Partial<UserList>, ask?: TickSettings) => Promise<SweepReport>;
type Amend = (page: Page, ask: PageAsk) => Page;

/** What happens after the baseline of twelve users on four pages. `amend` is made anew for each telling. */
type Script = {
  readonly amend?: () => Amend;
  readonly settings?: Partial<UserList>;
  readonly act: (story: ToldStory, sweep: Sweep) => Promise<void>;
  /** What consumers hear of it, in order. */
  readonly news: readonly string[];
};

const twelve = Array.from({ length: 12 }, (_, n) => `u${n + 10}`);

/** Tells a script with so many pages in a tick; answers everything that must not depend on that. */
async function tell({ amend, settings, act }: Script, pagesPerTick?: number) {
  const story = await tellStory(table, twelve);
  const slow = slowList(story, { ...(pagesPerTick && { pagesPerTick }), ...(amend && { amend: amend() }) });
  const reports: SweepReport[] = [];
  const sweep: Sweep = async (given, ask) => {
    const report = await story.sweep({ ...settings, ...slow, ...given }, ask);
    reports.push(report);
    return report;
  };
  await story.sweep();
  story.news();
  await act(story, sweep);
  const { store } = story.feed;
  const { layout, counts, sequence, holds } = await story.state();
  const entries: unknown[] = [];
  for await (const entry of store.readAllEntries(story.id)) entries.push(entry);
  return {
    ticks: Math.max(...reports.map((report) => report.ticks)),
    news: story.news(),
    kept: await keptBlobs(table, story),
    outcome: timeless({
      events: await loggedEvents(store, story.id),
      entries,
      index: (await store.loadShards(story.id, layout)).map((shard) => Buffer.from(shard).toString('hex')),
      state: { counts, sequence, holds: holds.map(({ kind, memberCount }) => [kind, memberCount]) },
      reports: reports.map(({ outcome, counts: counted, evidence, deniedBy, holds: held, probes }) => ({
        ...{ outcome, counted, evidence, deniedBy, held, probes },
      })),
    }),
  };
}

/** Without times, and without the names of connection, sweeps and events. */
function timeless(told: object): unknown {
  const text = JSON.stringify(told)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(/\d{13}-\w+-\d+/g, 'sweep')
    .replaceAll(/story-\d+/g, 'story')
    .replaceAll(/"eventId":"[\w-]+"/g, '"eventId":""');
  return JSON.parse(text);
}

const changeEverything = async ({ vendor }: ToldStory, sweep: Sweep) => {
  vendor.users.set('u10', aUser('u10', { title: 'Head' }));
  vendor.users.set('u21', aUser('u21', { status: 'suspended', rawStatus: 'locked' }));
  vendor.users.delete('u15');
  vendor.users.set('new', aUser('new'));
  await sweep();
  await sweep();
  vendor.users.set('u15', aUser('u15'));
  await sweep();
};

/** On pages from 0: the page of a scripted vendor that a cursor asks for. */
const pageOf = ({ cursor: at }: PageAsk) => Number(at ?? 0);
const onPage =
  (wanted: number, more: (page: Page) => Partial<Page>): Amend =>
  (page, ask) =>
    pageOf(ask) === wanted ? { ...page, ...more(page) } : page;

const sweepTwice = async ({ vendor }: ToldStory, sweep: Sweep) => {
  vendor.users.set('u10', aUser('u10', { title: 'Head' }));
  vendor.users.delete('u20');
  await sweep();
  await sweep();
};

const scripts: Record<string, Script> = {
  'changes, arrivals, a departure and a return': {
    act: changeEverything,
    news: ['user.updated u10', 'user.status_changed u21', 'user.created new', 'user.deleted u15', 'user.created u15'],
  },
  'a user twice, changed by the later row only': {
    act: async ({ vendor }, sweep) => {
      vendor.users.set('again', aUser('u10', { title: 'Later' }));
      await sweep();
    },
    news: ['user.updated u10'],
  },
  'a user twice, changed by the earlier row only': {
    act: async ({ vendor }, sweep) => {
      vendor.users.set('u10', aUser('u10', { title: 'Earlier' }));
      vendor.users.set('again', aUser('u10'));
      await sweep();
    },
    news: [],
  },
  'a newcomer in three rows': {
    act: async ({ vendor }, sweep) => {
      const rows = [...vendor.users];
      vendor.users.clear();
      vendor.users.set('new', aUser('new', { title: 'First' }));
      for (const [id, user] of rows.slice(0, 6)) vendor.users.set(id, user);
      vendor.users.set('second', aUser('new', { title: 'Second' }));
      for (const [id, user] of rows.slice(6)) vendor.users.set(id, user);
      vendor.users.set('third', aUser('new', { title: 'Third' }));
      await sweep();
    },
    news: ['user.created new'],
  },
  'a user who changed on an early page and cannot be read on a late one': {
    amend: () => onPage(3, () => ({ rejected: [{ id: userId('u10'), reason: 'title: expected string' }] })),
    act: sweepTwice,
    news: ['user.deleted u20'],
  },
  'a user who cannot be read on an early page and changed on a late one': {
    amend: () => onPage(0, () => ({ rejected: [{ id: userId('u21'), reason: 'title: expected string' }] })),
    act: async ({ vendor }, sweep) => {
      vendor.users.set('u21', aUser('u21', { title: 'Head' }));
      vendor.users.delete('u12');
      await sweep();
      await sweep();
    },
    news: ['user.deleted u12'],
  },
  'a row without an id on the first page': {
    amend: () => onPage(0, () => ({ rejected: [{ reason: 'id: missing' }] })),
    act: sweepTwice,
    news: ['user.updated u10'],
  },
  'users of whom some are excluded': {
    amend: () => onPage(0, () => ({ excluded: ['u20' as UserId, 'stranger' as UserId] })),
    act: sweepTwice,
    news: ['user.updated u10', 'user.deleted u20'],
  },
  'a veto of the first page': {
    amend: () => onPage(0, () => ({ evidence: { vetoes: ['partial'] } })),
    act: sweepTwice,
    news: ['user.updated u10'],
  },
  'a total that only the first page states, and that is not reached': {
    amend: () => onPage(0, () => ({ evidence: { total: 14, totalKind: 'hard' } })),
    act: sweepTwice,
    news: ['user.updated u10'],
  },
  'a total that moves between two pages': {
    amend: () => (page, ask) => ({ ...page, evidence: { total: pageOf(ask) === 0 ? 12 : 11, totalKind: 'soft' } }),
    act: sweepTwice,
    news: ['user.updated u10'],
  },
  'pages that moved in the first of two walks': {
    amend: () => {
      let walks = 0;
      return (page, ask) => {
        if (pageOf(ask) === 0) walks += 1;
        return walks === 1 && pageOf(ask) === 1 ? { ...page, evidence: { drift: ['overlap_moved'] } } : page;
      };
    },
    act: sweepTwice,
    news: ['user.updated u10', 'user.deleted u20'],
  },
  'a circle of three pages': {
    amend: () => (page, ask) => ({ ...page, next: cursor(String(pageOf(ask) === 3 ? 1 : pageOf(ask) + 1)) }),
    act: sweepTwice,
    news: ['user.updated u10'],
  },
  'a hold that is opened and approved': {
    settings: { brake: { ...defaultBrakeRules, status_changed: { maxCount: 1, maxPercent: 0 } } },
    act: async ({ vendor, decide }, sweep) => {
      for (const id of ['u10', 'u16', 'u21']) vendor.users.set(id, aUser(id, { status: 'suspended' }));
      vendor.users.set('u11', aUser('u11', { title: 'Head' }));
      await sweep();
      await decide('approved');
      vendor.users.set('u16', aUser('u16'));
      await sweep();
    },
    news: [
      ...['user.updated u11', 'connection.changes_held'],
      ...['user.status_changed u10', 'user.status_changed u21', 'connection.changes_released'],
    ],
  },
  'a field that nearly everybody lost': {
    act: async ({ vendor }, sweep) => {
      for (const id of twelve) vendor.users.set(id, aUser(id, { title: `Title of ${id}` }));
      await sweep();
      for (const id of twelve) vendor.users.set(id, aUser(id));
      vendor.users.set('u13', aUser('u13', { displayName: 'Renamed' }));
      await sweep();
    },
    news: [...twelve.map((id) => `user.updated ${id}`), 'user.updated u13', 'connection.changes_held'],
  },
  'most users gone at once': {
    act: async ({ vendor }, sweep) => {
      for (const id of twelve.slice(0, 7)) vendor.users.delete(id);
      await sweep();
      await sweep();
    },
    news: ['connection.changes_held'],
  },
  'a missing user of whom the vendor says that he is gone': {
    settings: { probeAbsence: async ({ userId: id }) => (id === 'u20' ? 'gone' : 'unknown') },
    act: async ({ vendor }, sweep) => {
      vendor.users.delete('u20');
      vendor.users.delete('u12');
      await sweep();
    },
    news: ['user.deleted u20'],
  },
  'a list that is cut differently': {
    settings: { scope: '{"status":"active"}' },
    act: sweepTwice,
    news: ['user.updated u10'],
  },
  'a list of another directory': {
    settings: { directory: 'another directory' },
    act: sweepTwice,
    news: ['connection.baseline_completed'],
  },
  'more changes than one batch holds': {
    act: async ({ vendor }, sweep) => {
      for (let n = 0; n < 52; n += 1) vendor.users.set(`new${n}`, aUser(`new${n}`));
      vendor.users.delete('u12');
      await sweep();
      await sweep();
    },
    news: [...Array.from({ length: 52 }, (_, n) => `user.created new${n}`), 'user.deleted u12'],
  },
  'a delta': {
    settings: { hasDelta: true, deltaEverySeconds: 20, emitSweepCompleted: true },
    act: async ({ vendor }, sweep) => {
      const rows = [...vendor.users];
      vendor.users.clear();
      for (const id of ['u11', 'u13', 'u15', 'new']) vendor.users.set(id, aUser(id, { title: 'Head' }));
      await sweep({}, { mode: 'delta' });
      for (const [id, user] of rows) if (!vendor.users.has(id)) vendor.users.set(id, user);
      vendor.users.delete('u20');
      await sweep();
    },
    news: [
      ...['u11', 'u13', 'u15'].map((id) => `user.updated ${id}`),
      'user.created new',
      'connection.sweep_completed',
    ],
  },
};

const leftBehind = ({ expiring, lost }: KeptBlobs) => [...expiring, ...lost];

describe('a sweep over many ticks', () => {
  it.each(Object.entries(scripts))('ends as in one tick, with %s', async (_, script) => {
    const atOnce = await tell(script);

    const oneByOne = await tell(script, 1);

    expect(atOnce.news).toStrictEqual(script.news);
    expect(oneByOne.outcome).toStrictEqual(atOnce.outcome);
    expect([...leftBehind(atOnce.kept), ...leftBehind(oneByOne.kept)]).toStrictEqual([]);
    expect([atOnce.ticks, oneByOne.ticks > 2]).toStrictEqual([1, true]);
  });
});

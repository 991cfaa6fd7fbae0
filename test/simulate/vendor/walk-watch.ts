import type { Answer, Ask } from '../../../local/simulators/simulated-vendor.ts';
import type { TrapName } from '../../../local/simulators/trap-settings.ts';
import type { ObservedUser } from '../../../src/model/canonical-user.ts';
import type { Tally } from '../tally.ts';
import type { Trace } from '../trace.ts';
import { currentWorker, type Worker } from '../worker.ts';
import { denialsOn } from './denials.ts';
import { isFirstPage, placeOfPage } from './place-of-page.ts';
import { createSiteReader, type SiteReader } from './site-reader.ts';
import type { SiteAnswer, VendorSite } from './vendor-site.ts';

/** A page, as the vendor has shown it. */
export type ShownPage = {
  /** What it was asked for with. */
  readonly query: string;
  /** Everybody on it. */
  readonly served: Set<string>;
  /** What spoke against the list, and could be noticed. */
  readonly denials: Set<string>;
  /** How long it says that the list is. */
  total?: number | undefined;
};

/** One walk through a list, as the vendor saw it. */
export type Walk = {
  readonly isDelta: boolean;
  readonly pages: readonly ShownPage[];
  /** How many of the pages were fetched, but not looked at: ahead of time, or broken. */
  readonly unread?: number;
  /** Users whom the vendor did not find when it was asked for them. */
  readonly notFound: Set<string>;
};

/** What vendors answered to whom. */
export type WalkWatch = {
  answer(ask: Ask): SiteAnswer;
  /** The walk that a worker is at, or was last. */
  walkOf(connectionId: string, worker: Worker): Walk | undefined;
  /** A worker begins anew: the walks he was at are over. */
  forget(worker: Worker): void;
  /** Keeps a worker's walk for whoever goes on with it. */
  suspend(connectionId: string, walk: Walk): void;
  /** Every value that a vendor ever showed of a field of a user, as JSON. */
  shown(connectionId: string, userId: string): ReadonlyMap<string, ReadonlySet<string>>;
  readonly readers: ReadonlyMap<string, SiteReader>;
};

type Request = { readonly id: string; readonly key: string; readonly ask: Ask; readonly answer: SiteAnswer };

export function createWalkWatch(
  sites: ReadonlyMap<string, VendorSite>,
  { trace, tally }: { readonly trace: Trace; readonly tally: Tally },
): WalkWatch {
  const walks = new Map<string, Walk>();
  const suspended = new Map<string, Walk>();
  const shown = new Map<string, Map<string, Set<string>>>();
  const readers = new Map([...sites].map(([id, site]) => [id, createSiteReader(site)]));
  // Workers that were told, before the first page, that the list has not everybody.
  const pendingVetoes = new Set<string>();
  const note = (key: string, user: ObservedUser) => {
    const fields = shown.get(key) ?? new Map<string, Set<string>>();
    shown.set(key, fields);
    // Somebody new without a status has an unknown one.
    for (const [field, value] of Object.entries({ status: 'unknown', ...user }))
      fields.set(field, (fields.get(field) ?? new Set()).add(JSON.stringify(value)));
  };
  const readPage = async (id: string, shownPage: ShownPage, answer: Answer) => {
    const page = await readers.get(id)?.readAnswer(answer);
    if (page === undefined) return;
    shownPage.total = page.evidence.total;
    for (const user of page.users) {
      shownPage.served.add(user.id);
      note(`${id} ${user.id}`, user);
    }
    for (const row of page.rejected) {
      if (row.id === undefined) shownPage.denials.add('badRow');
      else shownPage.served.add(row.id);
    }
  };
  const resumed = (id: string, query: string | undefined): Walk | undefined => {
    const walk = suspended.get(id);
    return walk && { ...walk, pages: pagesBefore(walk.pages, query) };
  };
  const addPage = (key: string, id: string, { url }: Ask, isGood: boolean): ShownPage => {
    const begins = isFirstPage(url.search);
    const known = walks.get(key) ?? (begins ? undefined : resumed(id, url.search));
    const page: ShownPage = { query: url.search, served: new Set(), denials: new Set() };
    const isDelta = /updated/i.test(url.search);
    const walk = begins || known === undefined ? { isDelta, pages: [], notFound: known?.notFound ?? new Set() } : known;
    walks.set(key, { ...walk, pages: [...walk.pages, ...(isGood ? [page] : [])] });
    return page;
  };
  const keyOf = (id: string, worker: Worker | undefined) => `${id} ${worker?.name}`;
  const noteProbe = ({ id, key, answer }: Request, userId: string) => {
    tally.count('probed');
    const walk = walks.get(key) ?? resumed(id, undefined);
    if (walk !== undefined) walks.set(key, walk);
    const provesAbsence = sites.get(id)?.name !== 'delay';
    if (provesAbsence && typeof answer !== 'string' && answer.status === 404) walk?.notFound.add(userId);
  };
  const noteHealth = ({ key }: Request, isUnhealthy: boolean) => {
    pendingVetoes.delete(key);
    if (!isUnhealthy) return;
    pendingVetoes.add(key);
    // It is asked before the first page, and after the last one.
    walks.get(key)?.pages.at(-1)?.denials.add('unhealthy');
  };
  const notePage = ({ id, key, ask, answer }: Request, hasFired: (trap: TrapName) => boolean) => {
    const isGood = typeof answer !== 'string' && answer.status === 200;
    const hasTotalMoved = hasFired('totalMoves');
    const page = addPage(key, id, ask, isGood);
    if (!isGood) return;
    if (pendingVetoes.delete(key)) page.denials.add('unhealthy');
    const pages = walks.get(key)?.pages ?? [];
    for (const trap of denialsOn(page, { pages }, hasFired)) page.denials.add(trap);
    const [first] = pages;
    void readPage(id, page, answer).then(() => {
      // Where somebody has left meanwhile, too, one may hide the other.
      if (hasTotalMoved && page.total !== first?.total) page.denials.add('totalMoves');
    });
  };
  return {
    readers,
    answer(ask) {
      const found = [...sites].find(([, { origin }]) => ask.url.origin === origin);
      if (found === undefined) throw new Error(`nobody is at ${ask.url.origin}`);
      const [id, site] = found;
      const before = { ...site.traps.fired };
      const answer = site.answer(ask);
      trace.note(() => `  ${id} answers ${describe(answer)}`);
      const request = { id, ask, answer, key: keyOf(id, currentWorker.getStore()) };
      const hasFired = (trap: TrapName) => site.traps.fired[trap] > before[trap];
      const single = /\/users\/([^/]+)$/.exec(ask.url.pathname)?.[1];
      if (single !== undefined) noteProbe(request, decodeURIComponent(single));
      else if (/\/users$/.test(ask.url.pathname)) notePage(request, hasFired);
      else noteHealth(request, hasFired('unhealthy'));
      return answer;
    },
    walkOf: (id, worker) => walks.get(keyOf(id, worker)),
    forget(worker) {
      for (const id of sites.keys()) walks.delete(keyOf(id, worker));
    },
    suspend(id, walk) {
      suspended.set(id, walk);
    },
    shown: (id, userId) => shown.get(`${id} ${userId}`) ?? new Map(),
  };
}

/** The pages of a walk that goes on with one: what was fetched ahead from there on was never looked at. */
export function pagesBefore(pages: readonly ShownPage[], query: string | undefined): readonly ShownPage[] {
  const place = placeOfPage(query);
  if (!Number.isNaN(place)) return pages.filter((page) => !(placeOfPage(page.query) >= place));
  const next = pages.findIndex((page) => page.query === query);
  return next === -1 ? pages : pages.slice(0, next);
}

function describe(answer: SiteAnswer): string {
  return typeof answer === 'string' ? answer : `${answer.status} ${answer.body.slice(0, 150)}`;
}

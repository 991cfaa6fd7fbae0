import type { Cursor } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Page } from '../model/page.ts';
import type { HttpClient, HttpJson, HttpRequest } from './http/http-client.ts';

export type ListPlace = {
  readonly cursor: Cursor | undefined;
  /** Only users changed since then, on every page of the list. */
  readonly updatedSince?: Instant;
};

/** One page of a list, to be had before the deadline, in epoch milliseconds. */
export type FetchPage = (ask: ListPlace & { readonly deadlineMs?: number }) => Promise<Page>;

export type PrefetchPlan = {
  /** Fetches one page through a client. */
  readonly fetchPage: (place: ListPlace, http: HttpClient) => Promise<Page>;
  /** The client of a tick with this deadline. */
  readonly bind: (deadlineMs: number | undefined) => Promise<HttpClient> | HttpClient;
  /** See `Vendor.pageAt`. */
  readonly pageAt: (page: Page, ahead: number) => Cursor | undefined;
  /** How many answers are asked for, or kept, beyond the page that was handed over. */
  readonly ahead?: number;
};

/** Assumed: enough to hide a round trip, few enough for a small server and for memory. */
const defaultAhead = 4;

type Outcome = { readonly answer: HttpJson } | { readonly fault: unknown };

/**
 * Asks for the following pages while one is worked on. What is fetched ahead are answers, not pages: whoever asks still
 * goes page by page with the `next` of the page before, so that each page is read with all that the vendor remembers of
 * the one before it. An answer that nobody asks for is thrown away with whatever fault it had.
 */
export function prefetchPages({ fetchPage, bind, pageAt, ahead = defaultAhead }: PrefetchPlan): FetchPage {
  /** By address. */
  const answers = new Map<string, Promise<Outcome>>();
  /** What asking ahead for a page came to: the address it is at, or undefined where none was asked for. */
  let foreseen = new Map<Cursor, Promise<string | undefined>>();
  let walkedSince: Instant | undefined;
  let inFlight = 0;

  async function ask(http: HttpClient, request: HttpRequest): Promise<Outcome> {
    try {
      return { answer: await http.requestJson(request) };
    } catch (fault) {
      return { fault };
    } finally {
      inFlight -= 1;
    }
  }

  /** Lets a vendor build its request, sends that, and stops there: nobody has asked for the page yet. */
  async function foresee(place: ListPlace, http: HttpClient): Promise<string | undefined> {
    let address: string | undefined;
    const sending: HttpClient = {
      requestJson(request) {
        if (!isPage(request)) return http.requestJson(request);
        address = request.url.href;
        inFlight += 1;
        answers.set(address, ask(http, request));
        throw new AskedAhead();
      },
    };
    // Whatever stops it shows again when the page is asked for.
    await fetchPage(place, sending).catch(() => undefined);
    return address;
  }

  function foreseePagesAfter(page: Page, place: ListPlace, http: HttpClient): void {
    const before = foreseen;
    foreseen = new Map();
    let room = ahead - inFlight;
    for (const cursor of predictCursors(page)) {
      const known = before.get(cursor);
      if (known === undefined && room <= 0) break;
      if (known === undefined) room -= 1;
      foreseen.set(cursor, known ?? foresee({ ...place, cursor }, http));
      before.delete(cursor);
    }
    for (const dropped of before.values()) void forget(dropped);
  }

  function predictCursors(page: Page): readonly Cursor[] {
    if (page.next === null) return [];
    const cursors = Array.from({ length: ahead }, (_, pages) => pageAt(page, pages));
    const end = cursors.indexOf(undefined);
    return cursors.slice(0, end === -1 ? ahead : end).filter((cursor) => cursor !== undefined);
  }

  async function forget(address: Promise<string | undefined>): Promise<void> {
    answers.delete((await address) ?? '');
  }

  function reading(http: HttpClient): HttpClient {
    return {
      async requestJson(request) {
        const known = isPage(request) ? answers.get(request.url.href) : undefined;
        if (known === undefined) return http.requestJson(request);
        answers.delete(request.url.href);
        const outcome = await known;
        if ('fault' in outcome) throw outcome.fault;
        return outcome.answer;
      },
    };
  }

  return async ({ deadlineMs, ...place }) => {
    const http = await bind(deadlineMs);
    // The same cursor leads elsewhere in a list of another extent.
    if (place.cursor === undefined || place.updatedSince !== walkedSince) {
      answers.clear();
      foreseen.clear();
    }
    walkedSince = place.updatedSince;
    // Requests that are just being built go out first, so that none goes out twice.
    await Promise.all(foreseen.values());
    const page = await fetchPage(place, reading(http));
    foreseePagesAfter(page, place, http);
    return page;
  };
}

/** Ends the building of a request once it has been sent. */
class AskedAhead extends Error {}

/** Lists are read with GET; tokens are fetched with POST. */
function isPage({ method = 'GET' }: HttpRequest): boolean {
  return method === 'GET';
}

import * as z from 'zod/mini';
import { FeedError } from '../../model/feed-error.ts';
import { readLinks } from './link-header.ts';

/** Where a sweep is in a list whose pages have numbers: the part of a cursor that every such list needs. */
export const numberedPosition = {
  page: z.int().check(z.minimum(1)),
  /** The page that named this one as the next; 0 where none did. */
  after: z.int().check(z.minimum(0)),
  /** Rows on a full page. */
  size: z.int().check(z.minimum(1)),
  /** Rows seen so far, each once. */
  rows: z.int().check(z.minimum(0)),
  /** The ids of the answer before, by their short name. */
  before: z.string(),
  /** Whether any answer had links: then only links tell the end. */
  isLinked: z.boolean(),
  /** The last page, as the newest link to it has it. */
  last: z.nullable(z.int()),
};

export function firstPosition(size: number) {
  return { page: 1, after: 0, size, rows: 0, before: '', isLinked: false, last: null };
}

/** @throws vendor.cursor_repeated where a page names itself or an earlier one as the next: the list has no end */
export function assertLaterPage(
  { page, after }: { readonly page: number; readonly after: number },
  { vendor, connectionId }: { readonly vendor: string; readonly connectionId: string },
): void {
  if (page > after) return;
  const message = `${vendor} connection ${connectionId}: page ${after} names page ${page} as the next one`;
  throw new FeedError('vendor.cursor_repeated', message, { pagesFetched: after });
}

/** What a `Link` header says about a list whose pages have numbers. */
export type PageLinks = { readonly next: number | null; readonly last: number | null };

/**
 * Only page numbers are taken from the links: their addresses may lead to another host, which must not get the token.
 * A next page without a readable number is the one after this.
 */
export function readPageLinks(header: string | undefined, page: number): PageLinks | undefined {
  if (header === undefined) return undefined;
  const links = readLinks(header);
  return { next: links.has('next') ? (pageOf(links.get('next')) ?? page + 1) : null, last: pageOf(links.get('last')) };
}

function pageOf(target: string | undefined): number | null {
  // Only the query counts, so that any base serves a relative target.
  const query = URL.parse(target ?? '', 'https://base.example')?.searchParams;
  const page = Number(query?.get('page') ?? Number.NaN);
  return Number.isSafeInteger(page) && page > 0 ? page : null;
}

/** A server that keeps its own page size shows it on the first page. Assumed: such a size is a multiple of five. */
const ownSizeStep = 5;

/** What tells the end of a list that states no total. */
export type PageFullness = { readonly count: number; readonly askedSize: number; readonly isFirst: boolean };

/**
 * Whether a page without links may be followed by another one: a full one is, and so is a first page of another size
 * than asked for that could be the server's own, longer or shorter.
 */
export function mayBeFull({ count, askedSize, isFirst }: PageFullness): boolean {
  if (count === 0) return false;
  return isFirst ? count === askedSize || count % ownSizeStep === 0 : count >= askedSize;
}

/** Whether so many rows fit so many pages: more than all but the last one hold, and no more than all hold. */
export function fitsLastPage(rows: number, { size, last }: { readonly size: number; readonly last: number | null }) {
  return last === null || (rows > (last - 1) * size && rows <= last * size);
}

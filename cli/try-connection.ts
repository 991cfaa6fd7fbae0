import { setTimeout as sleep } from 'node:timers/promises';
import { openUserList } from '../functions/open-user-list.ts';
import type { Connection } from '../src/model/connection.ts';
import { type FeedError, isFeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { Page } from '../src/model/page.ts';
import type { UserList } from '../src/sweep/ports.ts';
import { createHttpClient } from '../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../src/vendors/http/create-token-cache.ts';
import { createVendorAgent } from '../src/vendors/http/create-vendor-agent.ts';
import { createSessionCookies } from '../src/vendors/http/session-cookies.ts';
import { findVendor } from '../src/vendors/registry.ts';
import type { Vendor } from '../src/vendors/vendor.ts';
import type { Feed } from './feed.ts';

/** What one page of a connection's list shows of the account behind it. */
export type Trial = {
  readonly connectionId: ConnectionId;
  readonly vendor: string;
  readonly elapsedMs: number;
} & (
  | { readonly outcome: 'passed'; readonly page: TriedPage }
  | { readonly outcome: 'failed'; readonly fault: { readonly code: string; readonly message: string } }
);

export type TriedPage = {
  readonly users: number;
  /** Rows that could not be read. */
  readonly rejected: number;
  /** Listed, and left out by the connection's own rules; left out where there are none. */
  readonly excluded?: number;
  /** The vendor's own count of the whole list. */
  readonly total?: number;
  readonly totalKind?: 'hard' | 'soft';
  /** Whether the vendor says that there is nothing after this page. */
  readonly isEnd: boolean;
  /** Why the vendor says the list may be partial. */
  readonly vetoes: readonly string[];
  /** How the vendor says "end". */
  readonly endSignal: string;
  /** Whether it can be asked for changed users only. */
  readonly delta: 'yes' | 'no' | 'unknown';
  /** Whether it is asked about users who are missing. */
  readonly hasProbe: boolean;
};

export type Trying = Pick<Feed, 'nowMs' | 'refusesLoopback' | 'refusesPrivate'> &
  Pick<Feed['reach'], 'resolveCredentials'>;

/** As long as an operator may wait for one page, with every try of it. */
const trialMs = 60_000;

/** Fetches one page as a sweep would, and keeps nothing of it. Faults of vendor and configuration do not throw. */
export async function tryConnection(connection: Connection, trying: Trying): Promise<Trial> {
  const { nowMs, refusesLoopback, refusesPrivate, resolveCredentials } = trying;
  const dispatcher = createVendorAgent({ loopback: !refusesLoopback, private: !refusesPrivate });
  const startedAtMs = nowMs();
  const deadlineMs = startedAtMs + trialMs;
  const ended = () => ({
    connectionId: connection.id,
    vendor: connection.vendor,
    elapsedMs: nowMs() - startedAtMs,
  });
  try {
    const http = createHttpClient({ dispatcher, nowMs, sleep, random: Math.random, refusesLoopback });
    const io = { http, tokens: createTokenCache(nowMs), sessions: createSessionCookies() };
    const list = openUserList(connection, { findVendor: findOnePageVendor, io, resolveCredentials });
    const page = await list.fetchPage({ cursor: undefined, deadlineMs });
    const delta = await askForDelta(list, deadlineMs);
    return { ...ended(), outcome: 'passed', page: describePage(list, page, delta) };
  } catch (error) {
    if (!isTrialFault(error)) throw error;
    return { ...ended(), outcome: 'failed', fault: { code: error.code, message: error.message } };
  } finally {
    await dispatcher.destroy();
  }
}

/** What the vendor says of itself; a sweep does without where it does not say. */
async function askForDelta(list: UserList, deadlineMs: number): Promise<TriedPage['delta']> {
  if (!list.hasDelta) return 'no';
  if (list.supportsDelta === undefined) return 'yes';
  try {
    return (await list.supportsDelta(deadlineMs)) ? 'yes' : 'no';
  } catch (error) {
    if (!isTrialFault(error)) throw error;
    return 'unknown';
  }
}

/** What speaks of the vendor or of the settings, and not of this program. */
function isTrialFault(error: unknown): error is FeedError {
  return isFeedError(error) && /^(vendor|config)\./.test(error.code);
}

/** A vendor of which nothing is fetched ahead: one page is enough. */
function findOnePageVendor(id: string): Vendor | undefined {
  const found = findVendor(id);
  if (found === undefined) return undefined;
  const { pageAt: _, ...vendor } = found;
  return vendor;
}

function describePage(list: UserList, page: Page, delta: TriedPage['delta']): TriedPage {
  const { total, totalKind, vetoes = [] } = page.evidence;
  return {
    users: page.users.length,
    rejected: page.rejected.length,
    ...(page.excluded !== undefined && { excluded: page.excluded.length }),
    ...(total !== undefined && { total, totalKind: totalKind ?? 'soft' }),
    isEnd: page.next === null,
    vetoes,
    endSignal: findVendor(list.vendor)?.proves.endSignal ?? '',
    delta,
    hasProbe: list.probeAbsence !== undefined,
  };
}

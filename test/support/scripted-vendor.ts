import { defaultBrakeRules } from '../../src/model/brake.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { FeedError } from '../../src/model/feed-error.ts';
import { type ConnectionId, type Cursor, cursor, userId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import type { Page, RejectedUser } from '../../src/model/page.ts';
import type { UserList } from '../../src/sweep/ports.ts';

/** A vendor's list under the test's thumb: change `users`, set a trap, read what happened. */
export type ScriptedVendor = {
  /** By id; the order is the list's. */
  readonly users: Map<string, ObservedUser>;
  readonly pageSize: number;
  traps: {
    /** Fails when this page (from 0) is asked for. */
    failAtPage?: number;
    vetoes?: readonly string[];
    total?: (page: number) => number;
    totalKind?: 'hard' | 'soft';
    rejected?: readonly RejectedUser[];
    /** Runs before a page is read: the list may change while it is walked. */
    beforePage?: (page: number) => void;
    nextCursor?: (page: number) => Cursor | null;
  };
  pagesServed: number;
};

export function scriptedVendor(users: readonly ObservedUser[], pageSize = 3): ScriptedVendor {
  return { users: new Map(users.map((user) => [user.id, user])), pageSize, traps: {}, pagesServed: 0 };
}

export function aUser(id: string, fields: Partial<ObservedUser> = {}): ObservedUser {
  return { id: userId(id), displayName: `User ${id}`, status: 'active', rawStatus: 'active', ...fields };
}

/** The list of a scripted vendor, as a sweep sees it. */
export function listOf(
  vendor: ScriptedVendor,
  connectionId: ConnectionId,
  nowMs: () => number,
  settings: Partial<UserList> = {},
): UserList {
  return {
    connectionId,
    tenantId: 'tenant',
    vendor: 'scripted',
    mappingVersion: 1,
    projection: [
      { path: 'displayName' },
      { path: 'title' },
      { path: 'emails', keepWhenAbsent: true },
      { path: 'groups' },
    ],
    ignoredFields: [],
    directory: 'scripted directory',
    scope: '{}',
    isNarrowed: false,
    baseline: 'silent',
    deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
    brake: defaultBrakeRules,
    protection: { redact: [], hash: [] },
    payload: 'full',
    hasDelta: false,
    everySeconds: 60,
    emitSweepCompleted: false,
    fetchPage: async ({ cursor: at }) => readPage(vendor, at, nowMs()),
    ...settings,
  };
}

function readPage(vendor: ScriptedVendor, at: Cursor | undefined, nowMs: number): Page {
  const { traps, pageSize } = vendor;
  const page = at === undefined ? 0 : Number(at);
  traps.beforePage?.(page);
  if (traps.failAtPage === page) {
    const context = { vendor: 'scripted', address: 'http://127.0.0.1/users', status: 503 };
    throw new FeedError('vendor.unavailable', 'scripted: the vendor answered 503', context);
  }
  vendor.pagesServed += 1;
  const rows = [...vendor.users.values()];
  const users = rows.slice(page * pageSize, (page + 1) * pageSize);
  const isLast = (page + 1) * pageSize >= rows.length;
  const total = traps.total?.(page);
  return {
    users,
    rejected: page === 0 ? (traps.rejected ?? []) : [],
    next: traps.nextCursor ? traps.nextCursor(page) : isLast ? null : cursor(String(page + 1)),
    evidence: {
      ...(traps.vetoes && { vetoes: traps.vetoes }),
      ...(total !== undefined && { total, totalKind: traps.totalKind ?? 'hard' }),
    },
    observedAt: instant(nowMs),
  };
}

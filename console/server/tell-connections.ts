import { connectionFacts } from '../../cli/connection-facts.ts';
import { diagnose, type Finding } from '../../cli/diagnose.ts';
import { findConnection } from '../../cli/find-connection.ts';
import { type FoundHold, openHolds } from '../../cli/find-hold.ts';
import { showDuration } from '../../cli/show-duration.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import type { Health, ToldConnection, ToldConnectionDetail, ToldConnections } from '../api/told-connection.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { sayHold } from './say-hold.ts';
import { tellFacts } from './tell-facts.ts';

/** A page of connections: each takes a few reads. */
const pageSize = 50;

/** Connections by id, behind one of them. */
export async function tellConnections(feed: ConsoleFeed, after: string): Promise<ToldConnections> {
  const ids = (await feed.connections()).filter((id) => id > after);
  const shown = ids.slice(0, pageSize);
  const told = await Promise.all(shown.map((id) => tellConnection(feed, id)));
  return {
    connections: told.filter((one) => one !== undefined),
    ...(ids.length > pageSize && { next: shown.at(-1) ?? '' }),
    now: instant(feed.nowMs()),
  };
}

/** @throws config.invalid where there is no such connection */
export async function tellConnectionDetail(feed: ConsoleFeed, id: string): Promise<ToldConnectionDetail> {
  const connection = await findConnection(feed, id);
  const [told, state, published] = await Promise.all([
    tellConnection(feed, connection.id),
    feed.store.readState(connection.id),
    feed.store.readPublished(connection.id),
  ]);
  if (told === undefined) throw new Error(`${id} was removed just now`);
  const settings = tellFacts(connectionFacts({ connection, state, published }));
  // Not even where a secret is kept: a page is sooner shown to somebody than a terminal.
  const shown = settings.filter(({ name }) => !name.startsWith('credential '));
  return { connection: told, settings: shown, now: instant(feed.nowMs()) };
}

async function tellConnection(feed: ConsoleFeed, id: ConnectionId): Promise<ToldConnection | undefined> {
  const { store, nowMs } = feed;
  const [connection, state, published, holds, lastReport] = await Promise.all([
    store.readConnection(id),
    store.readState(id),
    store.readPublished(id),
    openHolds(feed, id),
    lastFullReport(feed, id),
  ]);
  if (connection === undefined || state === undefined) return undefined;
  const findings = diagnose({
    connection,
    state,
    holds,
    published,
    nowMs: nowMs(),
    ...(lastReport && { lastReport }),
  });
  return {
    id,
    vendor: connection.vendor,
    tenant: connection.tenantId,
    every: showDuration(connection.everySeconds),
    users: state.counts.live,
    missing: state.absent.count,
    ...(state.lastComplete && { lastCompleteAt: state.lastComplete.startedAt }),
    nextDueAt: state.dueAt,
    openHolds: holds.length,
    events: state.sequence,
    health: judgeHealth(connection, state, findings),
    findings: [...holds.map(tellHeld), ...findings.filter(({ kind }) => kind !== 'open_hold').map(tellFinding)],
    recent: state.recent.map(({ hour, created, updated, status_changed, deleted }) => ({
      hour,
      created,
      updated,
      status_changed,
      deleted,
    })),
  };
}

type ToldFinding = ToldConnection['findings'][number];

function tellFinding({ message, remedy }: Finding): ToldFinding {
  return { message, remedy };
}

function tellHeld({ hold, waiting }: FoundHold): ToldFinding {
  const decision = hold.decision ?? waiting;
  const message = sayHold({ ...hold, count: hold.memberCount });
  if (decision === undefined) return { message, remedy: 'Look at it under Holds, and approve or reject it.' };
  return { message, remedy: `It is ${decision.verdict}: the next complete full sweep uses that.` };
}

function judgeHealth(connection: Connection, state: ConnectionState, findings: readonly Finding[]): Health {
  const has = (kind: Finding['kind']) => findings.some((finding) => finding.kind === kind);
  if (connection.paused) return 'paused';
  if (has('failing')) return 'failing';
  if (state.lastComplete === undefined) return 'waiting';
  if (has('stale')) return 'stale';
  return has('open_hold') ? 'held' : 'fresh';
}

/** Deltas say nothing about completeness. Not looked for further back than a few sweeps. */
async function lastFullReport({ store }: ConsoleFeed, id: ConnectionId): Promise<SweepReport | undefined> {
  let looked = 0;
  for await (const report of store.listReports(id)) {
    if (report.mode === 'full') return report;
    looked += 1;
    if (looked === 10) return undefined;
  }
  return undefined;
}

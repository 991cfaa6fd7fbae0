import { type FeedError, isFeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { epochMs, type Instant } from '../src/model/instant.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import type { HttpTry } from '../src/vendors/http/http-client.ts';
import type { FeedLog } from './feed-log.ts';
import type { FeedMetrics } from './feed-metrics.ts';
import type { KnownTenants } from './known-tenants.ts';
import type { TickPlace } from './sweep.ts';

export type SweepObserver = {
  onResult(id: ConnectionId, result: TickResult): void;
  onFault(where: TickPlace, error: unknown): void;
  onTry(one: HttpTry): void;
  /** Batches have been waiting to be published since then. */
  onUnpublished(id: ConnectionId, waitingSince: Instant): void;
};

export type Observing = { readonly log: FeedLog; readonly metrics: FeedMetrics; readonly nowMs: () => number };

/** What an operator can see of sweeps. */
export function createSweepObserver({
  log,
  metrics,
  nowMs,
  whose,
}: Observing & Pick<KnownTenants, 'whose'>): SweepObserver {
  let tries: HttpTry[] = [];
  // Once a tick rather than once a request: a document of the log costs as much as what is in it.
  const flushTries = (connectionId: string) => {
    for (const [vendor, group] of Map.groupBy(tries, (one) => one.vendor))
      recordTries(metrics, vendor, group, whose(connectionId));
    tries = [];
  };
  return {
    onTry: (one) => void tries.push(one),
    onResult(connectionId, result) {
      flushTries(connectionId);
      if (result.kind !== 'swept')
        return log.debug(`tick ${result.kind}`, { ...whose(connectionId), ...progressOf(result) });
      recordReport(metrics, result.report, whose(connectionId));
      log.info('sweep over', { ...factsOf(result.report), ...whose(connectionId) });
      if (result.publishFault !== undefined) onPublishFault({ log, metrics }, whose(connectionId), result.publishFault);
    },
    onFault({ connectionId, vendor, receives }, error) {
      flushTries(connectionId ?? '');
      const properties = connectionId === undefined ? {} : whose(connectionId);
      metrics.record({ Sweeps: 1 }, { vendor: vendor ?? 'unknown', outcome: 'failed' }, properties);
      log.fault('tick failed', error, { ...properties, vendor, outcome: 'failed', receives });
    },
    onUnpublished(connectionId, waitingSince) {
      const ageSeconds = Math.max(0, (nowMs() - epochMs(waitingSince)) / 1000);
      metrics.record({ UnpublishedAgeSeconds: ageSeconds }, {}, whose(connectionId));
      log.warn('published late', { ...whose(connectionId), waitingSince });
    },
  };
}

/** Of one connection, in metrics and logs. */
type Whose = ReturnType<KnownTenants['whose']>;

/** A publish that failed, and a bus that is not there. */
function onPublishFault({ log, metrics }: Omit<Observing, 'nowMs'>, whose: Whose, error: FeedError): void {
  metrics.record({ PublishFailures: 1 }, {}, whose);
  if (isFeedError(error, 'publish.bus_missing')) metrics.record({ BusMissing: 1 });
  log.fault('publishing failed', error, whose);
}

function progressOf(result: Exclude<TickResult, { readonly kind: 'swept' }>) {
  return result.kind === 'suspended' ? { sweepId: result.next.continues?.sweepId, pages: result.pages } : {};
}

/** What a report may say in a log: no text of a vendor's, for it may name somebody. */
function factsOf({ failure, ...report }: SweepReport) {
  const { connectionId, vendor, sweepId, mode, purpose, outcome, ticks, counts, deniedBy, startedAt, endedAt } = report;
  return {
    connectionId,
    vendor,
    sweepId,
    mode,
    purpose,
    outcome,
    ticks,
    counts,
    deniedBy,
    startedAt,
    endedAt,
    pages: report.evidence.pages,
    ...(failure && { failureCode: failure.code }),
  };
}

function recordReport(metrics: FeedMetrics, report: SweepReport, whose: Whose): void {
  const { vendor, outcome, counts, sweepId, startedAt, endedAt, evidence } = report;
  const properties = { ...whose, sweepId };
  metrics.record({ Sweeps: 1 }, { vendor, outcome }, properties);
  const values = {
    UsersSeen: counts.seen,
    Created: counts.created,
    Updated: counts.updated,
    StatusChanged: counts.statusChanged,
    Deleted: counts.deleted,
    Held: counts.held,
    SweepSeconds: Math.max(0, (epochMs(endedAt) - epochMs(startedAt)) / 1000),
    Pages: evidence.pages,
  };
  metrics.record(values, { vendor }, properties);
}

function recordTries(metrics: FeedMetrics, vendor: string, tries: readonly HttpTry[], whose: Whose): void {
  const count = (isCounted: (one: HttpTry) => boolean) => tries.filter(isCounted).length;
  const values = {
    VendorLatencyMs: tries.map(({ elapsedMs }) => elapsedMs),
    VendorThrottled: count(({ status }) => status === 429),
    VendorServerErrors: count(({ status }) => status !== undefined && status >= 500),
  };
  metrics.record(values, { vendor }, whose);
}

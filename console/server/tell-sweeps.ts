import { findConnection } from '../../cli/find-connection.ts';
import { sweepFacts } from '../../cli/sweep-facts.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import type { ToldSweep, ToldSweeps } from '../api/told-sweep.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { tellFacts } from './tell-facts.ts';

/** The newest sweeps of a connection. @throws config.invalid where there is no such connection */
export async function tellSweeps(feed: ConsoleFeed, id: string, limit: number): Promise<ToldSweeps> {
  const connection = await findConnection(feed, id);
  const sweeps: ToldSweep[] = [];
  for await (const report of feed.store.listReports(connection.id)) {
    sweeps.push(tellSweep(report));
    if (sweeps.length >= limit) break;
  }
  return { sweeps };
}

function tellSweep(report: SweepReport): ToldSweep {
  const { seen, created, updated, statusChanged, deleted, held, missing } = report.counts;
  const { sweepId, mode, outcome, startedAt, endedAt } = report;
  const counts = { seen, created, updated, statusChanged, deleted, held, missing };
  return { sweepId, mode, outcome, startedAt, endedAt, ...counts, facts: tellFacts(sweepFacts(report)) };
}

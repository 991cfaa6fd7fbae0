import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { printTable } from './print-table.ts';
import { renderFacts } from './render-facts.ts';
import { sweepFacts } from './sweep-facts.ts';
import { shortSweepId, sweepRow } from './sweep-row.ts';
import { terminalWidth } from './terminal-width.ts';
import { usageFault } from './usage-fault.ts';

type ListOptions = FeedOptions & { readonly limit: number; readonly json: boolean };
type ShowOptions = FeedOptions & { readonly json: boolean };

/** Prints the sweeps of a connection, the newest first. */
export function showSweeps(id: string, options: ListOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), (feed) => listSweeps(feed, id, options, output));
}

/** Prints everything about one sweep. */
export function showSweep(
  asked: readonly [connection: string, sweep: string],
  options: ShowOptions,
  output: Output,
): Promise<ExitCode> {
  return withFeed(openFeed(options), (feed) => printSweep(feed, asked, options, output));
}

async function listSweeps(
  feed: Feed,
  id: string,
  { limit, json }: { readonly limit: number; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const connection = await findConnection(feed, id);
  const reports: SweepReport[] = [];
  for await (const report of feed.store.listReports(connection.id)) {
    reports.push(report);
    if (reports.length === limit) break;
  }
  if (json) output.result(JSON.stringify({ sweeps: reports }));
  else if (reports.length === 0) output.note(`${id} has not been swept yet`);
  else
    printTable(
      reports.map((report) => sweepRow(report, terminalWidth())),
      output,
    );
  return exitCodes.done;
}

async function printSweep(
  feed: Feed,
  [id, sweep]: readonly [connection: string, sweep: string],
  { json }: { readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const connection = await findConnection(feed, id);
  const report = await findReport(feed, connection.id, sweep);
  if (json) output.result(JSON.stringify({ sweep: report }));
  else for (const line of renderFacts(sweepFacts(report))) output.result(line);
  return exitCodes.done;
}

async function findReport({ store }: Feed, connectionId: ConnectionId, sweep: string): Promise<SweepReport> {
  for await (const report of store.listReports(connectionId))
    if (sweep === 'latest' || report.sweepId === sweep || shortSweepId(report.sweepId) === sweep) return report;
  throw sweep === 'latest'
    ? new Error(`${connectionId} has not been swept yet`)
    : usageFault(sweep, `${connectionId} has no such sweep; ucf sweeps list ${connectionId} lists those of 30 days`);
}

import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import { type FeedOptions, jsonOption, stackOption, stateOption } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { renderFacts } from './render-facts.ts';
import { renderTable } from './render-table.ts';
import { sweepFacts } from './sweep-facts.ts';
import { shortSweepId, sweepRow } from './sweep-row.ts';
import { terminalWidth } from './terminal-width.ts';
import { usageFault } from './usage-fault.ts';

/** `ucf sweeps`: what sweeps saw, proved and did. */
export function sweepsCommand(output: Output): Command {
  return new Command('sweeps')
    .description('what past sweeps saw, proved and did')
    .addCommand(listCommand(output))
    .addCommand(showCommand(output))
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf sweeps list acme --state .state\n  $ ucf sweeps show acme latest --state .state',
    );
}

function listCommand(output: Output): Command {
  return new Command('list')
    .description('list the sweeps of a connection, the newest first')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--limit <n>', 'at most so many').default(20).argParser(readLimit))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf sweeps list acme --limit 5 --state .state')
    .action(async (id: string, options: FeedOptions & { limit: number; json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => listSweeps(feed, id, options, output));
    });
}

function showCommand(output: Output): Command {
  return new Command('show')
    .description('show a sweep: the evidence that its list was complete, and what came of it')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addArgument(new Argument('[sweep]', 'id of a sweep, or the part of it that the list shows').default('latest'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf sweeps show acme --state .state\n  $ ucf sweeps show acme 1f2e3d4c --state .state',
    )
    .action(async (id: string, sweep: string, options: FeedOptions & { json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => showSweep(feed, [id, sweep], options, output));
    });
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
  else for (const line of renderTable(reports.map((report) => sweepRow(report, terminalWidth())))) output.result(line);
  return exitCodes.done;
}

async function showSweep(
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

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0) return limit;
  throw new InvalidArgumentError('expected a number from 1 on.');
}

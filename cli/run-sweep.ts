import type { BusEvent } from '../local/event-bus/bus-event.ts';
import { runDry } from '../local/run-dry.ts';
import type { Connection } from '../src/model/connection.ts';
import type { OperatorRequest } from '../src/model/operator-request.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import { vendors } from '../src/vendors/registry.ts';
import { asDelivered } from './as-delivered.ts';
import { decideHold } from './decide-hold.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { findHold } from './find-hold.ts';
import { hearEvents } from './hear-events.ts';
import { openFeed, openRunningFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { readConnections, refuseLoopback } from './read-connections.ts';
import { showCount } from './show-count.ts';
import { createProgress } from './show-progress.ts';
import { isGood, summarize, summaryLine } from './summary-line.ts';
import { usageFault } from './usage-fault.ts';

export type SweepOptions = FeedOptions & {
  readonly full: boolean;
  readonly delta: boolean;
  readonly dryRun: boolean;
  readonly config?: string;
  readonly approve: readonly string[];
  readonly reject: readonly string[];
  readonly json: boolean;
};

/** `ucf sweep`: one sweep to its end, for real or not. */
export async function runSweep(id: string, options: SweepOptions, output: Output): Promise<ExitCode> {
  checkDecisions(options);
  const configured = options.config === undefined ? undefined : await readConfigured(options.config, id, options);
  return options.dryRun ? sweepDry(id, configured, options, output) : sweepNow(id, configured, options, output);
}

function checkDecisions({ approve, reject, dryRun, delta }: SweepOptions): void {
  const option = approve.length > 0 ? '--approve' : '--reject';
  const decided = [...approve, ...reject];
  if (decided.length === 0) return;
  if (!dryRun)
    throw usageFault(option, `needs --dry-run; to decide for real: ucf holds ${option.slice(2)} ${decided[0]}`);
  if (delta) throw usageFault(option, 'goes with a full sweep only: a delta uses no decision');
}

/** The connection as a file has it. @throws config.invalid */
async function readConfigured(path: string, id: string, options: FeedOptions): Promise<Connection> {
  const connections = await readConnections(path, options);
  const found = connections.find((connection) => connection.id === id);
  if (found !== undefined) return found;
  throw usageFault(id, `${path} has no such connection; it has ${connections.map((one) => one.id).join(', ')}`);
}

async function sweepNow(
  id: string,
  configured: Connection | undefined,
  options: SweepOptions,
  output: Output,
): Promise<ExitCode> {
  const hearing = hearEvents(options, output);
  const { events } = hearing;
  const progress = createProgress(output, Date.now);
  let read = 0;
  const listener = {
    ...hearing,
    onSuspended: (pages: number) => output.note(`${id}: ${pages} pages read in this tick; the sweep goes on`),
    onPage(users: number) {
      read += users;
      progress.tell(`${id}: ${showCount(read)} users read`);
    },
  };
  return withFeed(openRunningFeed(options, listener), async (feed) => {
    refuseLoopback(feed, configured === undefined ? [] : [configured]);
    const connection = await feed.reach.locate(configured ?? (await findConnection(feed, id)));
    // A stack reads its secrets itself, and whoever asks it for a sweep need not be allowed to.
    if (feed.runtime === 'embedded') await feed.reach.resolveCredentials(connection);
    await feed.save(connection);
    const result = await feed.sweepNow(connection.id, options.delta ? 'delta' : 'full');
    progress.end();
    const code = printSweep({ connection, result, events, options }, output);
    return (await isPublished(feed, connection, output)) ? code : exitCodes.failedOrHeld;
  });
}

function sweepDry(
  id: string,
  configured: Connection | undefined,
  options: SweepOptions,
  output: Output,
): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    refuseLoopback(feed, configured === undefined ? [] : [configured]);
    const connection = await feed.reach.locate(configured ?? (await findConnection(feed, id)));
    await feed.reach.resolveCredentials(connection);
    const requests = await readDecisions(feed, connection, options);
    const before = await feed.store.readState(connection.id);
    const dry = await runDry({
      store: feed.store,
      connection,
      vendors,
      resolveCredentials: feed.reach.resolveCredentials,
      mode: options.delta ? 'delta' : 'full',
      asIfSaved: configured !== undefined,
      requests,
      epoch: await readEpoch(feed),
      nowMs: feed.nowMs,
      onFault: (error) => output.note(`${id}: ${explainError(error)}`),
    });
    const events = dry.events.map(asDelivered);
    if (!options.json) for (const event of events) output.result(eventLine(event, output.paint));
    const code = printSweep({ connection, result: dry.result, events, options }, output);
    output.note('dry run: nothing was written or published, and holds it would open do not exist');
    // A stack goes on meanwhile.
    if ((await feed.store.readState(connection.id))?.position !== before?.position)
      output.note(`${id}: it was swept for real meanwhile, so this may be wrong; repeat the dry run`);
    return code;
  });
}

/** Under which the sweep would publish. */
async function readEpoch({ mark }: Feed): Promise<number> {
  return (await mark.read()).epoch;
}

/** The decisions that the dry run takes for made. @throws config.invalid for a hold of another connection */
async function readDecisions(
  feed: Feed,
  { id }: Connection,
  { approve, reject }: SweepOptions,
): Promise<readonly OperatorRequest[]> {
  const decisions = [
    ...approve.map((hold) => ({ hold, verdict: 'approved' as const })),
    ...reject.map((hold) => ({ hold, verdict: 'rejected' as const })),
  ];
  const requests: OperatorRequest[] = [];
  for (const { hold, verdict } of decisions) {
    const found = await findHold(feed, hold);
    if (found.connectionId !== id) throw usageFault(hold, `is a hold of ${found.connectionId}, not of ${id}`);
    requests.push(decideHold(found, { by: operatorName(undefined), nowMs: feed.nowMs(), verdict }));
  }
  return requests;
}

type Swept = {
  readonly connection: Connection;
  readonly result: TickResult | undefined;
  readonly events: readonly BusEvent[];
  readonly options: SweepOptions;
};

function printSweep({ connection, result, events, options }: Swept, output: Output): ExitCode {
  const summary = summarize(connection.id, result);
  const report = result?.kind === 'swept' ? result.report : undefined;
  if (options.delta && report?.mode === 'full')
    output.note(
      `${connection.id}: this was a full sweep: a delta needs a vendor that has one, and a complete sweep before it`,
    );
  if (summary.reason !== undefined) output.note(`${connection.id}: ${summary.reason}`);
  if (options.json)
    output.result(JSON.stringify({ isDryRun: options.dryRun, events, summary, ...(report && { report }) }));
  else output.result(summaryLine(summary));
  return isGood(summary) ? exitCodes.done : exitCodes.failedOrHeld;
}

/** Whether everything committed is on the bus; what is not is published by the next run. */
async function isPublished({ store, runtime }: Feed, { id }: Connection, output: Output): Promise<boolean> {
  const state = await store.readState(id);
  if (state === undefined || (await store.readPublished(id)) >= state.lastEvent.position) return true;
  const rest = runtime === 'embedded' ? 'the next run publishes the rest' : 'the stack goes on publishing by itself';
  output.note(`${id}: not everything could be published; ${rest}`);
  return false;
}

import { describeFault } from '../../functions/describe-fault.ts';
import type { LogFacts } from '../../functions/feed-log.ts';
import { createRandom, type Random } from '../../local/simulators/random.ts';
import { createStore, type FeedStore } from '../../src/store/create-store.ts';
import { createAwsHandler } from './aws/aws-handler.ts';
import type { AwsClients, AwsStand } from './aws/aws-stand.ts';
import { createMemoryBus, type TakenEntry } from './aws/memory-bus.ts';
import { createMemoryParameters } from './aws/memory-parameters.ts';
import { createMemoryQueue, type MemoryQueue } from './aws/memory-queue.ts';
import type { Attributes } from './dynamo/attribute-value.ts';
import { createLaggingIndex } from './dynamo/lagging-index.ts';
import { createMemoryDynamo, type MemoryDynamo } from './dynamo/memory-dynamo.ts';
import { createMemoryTable, type MemoryTable, type TableImage, type TableWrite } from './dynamo/memory-table.ts';
import { createFunctions, epochParameter, tableName } from './functions.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { SeedPlan } from './seed-plan.ts';
import { createStream, type Stream } from './stream.ts';
import { createTally, type Tally } from './tally.ts';
import { createTrace, type Trace } from './trace.ts';
import { secretOf } from './vendor/connection-of-site.ts';
import { createVendorDispatcher } from './vendor/vendor-dispatcher.ts';
import { createVendorSite, type VendorSite } from './vendor/vendor-site.ts';
import { createWalkWatch, type WalkWatch } from './vendor/walk-watch.ts';

export const startMs = Date.UTC(2026, 0, 5, 8);

/** Everything a seed runs in: time, services, vendors, and what is watched of them. */
export type World = {
  readonly plan: SeedPlan;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly table: MemoryTable;
  readonly queue: MemoryQueue;
  readonly parameters: Map<string, string>;
  readonly stream: Stream;
  readonly sites: ReadonlyMap<string, VendorSite>;
  readonly watch: WalkWatch;
  readonly functions: ReturnType<typeof createFunctions>;
  readonly clients: AwsClients;
  /** For operators: the store as the command line has it. */
  readonly store: FeedStore;
  readonly taken: TakenEntry[];
  /** When the schedule starts the dispatch function again. */
  readonly dispatches: { nextMs: number };
  readonly tally: Tally;
  readonly trace: Trace;
  /** What is out of order at the moment, beside single calls. */
  readonly troubles: {
    isCalm: boolean;
    hasDropped: boolean;
    isBusMissing: boolean;
    refusesEntries: boolean;
    leavesUnprocessed: boolean;
    tableId: string;
  };
  readonly restores: {
    backup: TableImage | undefined;
    isRecovering: boolean /** An operator is at it. */;
    isAttended: boolean;
    epoch: number;
    count: number;
  };
  readonly onRestore: (() => void)[];
  readonly onWrite: ((write: TableWrite) => void)[];
  readonly onEntry: ((entry: TakenEntry) => void)[];
};

export async function createWorld(plan: SeedPlan, stand: AwsStand, isTraced: boolean): Promise<World> {
  const scheduler = createScheduler(startMs);
  const random = createRandom(`world/${plan.seed}`);
  const trace = createTrace(isTraced, () => scheduler.nowMs() - startMs);
  const tally = createTally();
  const troubles = {
    isCalm: false,
    hasDropped: false,
    isBusMissing: false,
    refusesEntries: false,
    leavesUnprocessed: false,
    tableId: 'table-1',
  };
  const restores: World['restores'] = { backup: undefined, isRecovering: false, isAttended: false, epoch: 1, count: 0 };
  const onRestore: World['onRestore'] = [() => index.rebuild(table)];
  const onWrite: World['onWrite'] = [];
  const onEntry: World['onEntry'] = [];
  const stream = createStream();
  const taken: TakenEntry[] = [];
  const index = createLaggingIndex({
    nowMs: scheduler.nowMs,
    lagMs: plan.indexLagMs,
    onBehind: () => tally.count('index_behind'),
  });
  const table = createMemoryTable((write) => {
    stream.note(write, scheduler.nowMs());
    index.note(write);
    for (const listen of onWrite) listen(write);
  });
  const dynamo = createMemoryDynamo({
    table,
    tableId: () => troubles.tableId,
    pageSize: () => plan.queryPage,
    indexed: index.items,
    portion: (size) => {
      if (!troubles.leavesUnprocessed || size < 2) return size;
      tally.count('batch_unprocessed');
      return 1 + random.below(size - 1);
    },
  });
  const bus = createMemoryBus({
    isMissing: () => troubles.isBusMissing,
    refuses: () => {
      const isRefused = troubles.refusesEntries && random.below(3) === 0;
      if (isRefused) tally.count('put_refused_in_part');
      return isRefused;
    },
    onDropped: () => {
      troubles.hasDropped = true;
    },
    onEntry: (entry) => {
      taken.push(entry);
      for (const listen of onEntry) listen(entry);
    },
  });
  const queue = createMemoryQueue(scheduler.nowMs);
  const parameters = new Map([[epochParameter, '{"epoch":1}']]);
  const sites = openSites(plan, scheduler, random);
  for (const [id, site] of sites) parameters.set(...secretOf(id, site));
  const watch = createWalkWatch(sites, { trace, tally });
  const services = {
    DynamoDB: watchRefusals(dynamo, { tally, trace }),
    AWSEvents: bus,
    AmazonSSM: createMemoryParameters(parameters),
    AmazonSQS: queue.service,
  };
  await stand.connect(createAwsHandler(scheduler, services));
  const { clients } = stand;
  const dispatcher = createVendorDispatcher({ scheduler, answer: watch.answer });
  const log = (what: string, facts: LogFacts = {}) => trace.note(() => `  log: ${what} ${JSON.stringify(facts)}`);
  const functions = createFunctions({
    clients,
    dispatcher,
    scheduler,
    log: {
      debug: log,
      info: log,
      warn: log,
      fault: (what, error, facts) => log(what, { ...facts, fault: describeFault(error) }),
    },
  });
  const store = createStore(clients.table, tableName, scheduler.sleep, scheduler.clockMs);
  return {
    ...{ plan, scheduler, random, table, queue, parameters, stream, sites, watch, functions, clients, store, taken },
    ...{
      dispatches: { nextMs: startMs },
      tally,
      trace,
      troubles,
      restores,
      onRestore,
      onWrite,
      onEntry,
    },
  };
}

function openSites(
  { connections, seed }: SeedPlan,
  { nowMs }: Scheduler,
  random: Random,
): ReadonlyMap<string, VendorSite> {
  return new Map(
    connections.map(({ vendor, users, likeNumber }, at) => {
      const id = `${vendor}-${at}`;
      const origin = `https://${id}.example`;
      return [
        id,
        createVendorSite({ name: vendor, origin, seed: `${seed}/${likeNumber}`, size: users, nowMs, random }),
      ];
    }),
  );
}

/** Tells of writes that came too late. */
function watchRefusals(dynamo: MemoryDynamo, { tally, trace }: Pick<World, 'tally' | 'trace'>): MemoryDynamo {
  return (operation, input) => {
    try {
      return dynamo(operation, input);
    } catch (error) {
      const { name } = error as Error;
      const sk = (input as { readonly Item?: Attributes }).Item?.sk?.S ?? '';
      trace.note(() => `  is refused: ${name}`);
      if (name === 'ConditionalCheckFailedException' && (sk === 'state' || sk.startsWith('log#')))
        tally.count('stale_write_refused');
      throw error;
    }
  };
}

import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Connection } from '../src/model/connection.ts';
import { type ConnectionId, connectionId } from '../src/model/ids.ts';
import type { Instant } from '../src/model/instant.ts';
import { placeLifeMs, sweepsPerBudget } from '../src/sweep/dispatch-places.ts';
import type { PlaceStore, SweepContinuation, SweepMessage } from '../src/sweep/dispatch-ports.ts';
import type { SweepPorts, UserList } from '../src/sweep/ports.ts';
import { runTick } from '../src/sweep/run-tick.ts';
import type { TickResult } from '../src/sweep/tick.ts';

export type SweepDependencies = {
  readonly ports: SweepPorts;
  readonly places: Pick<PlaceStore, 'keepPlace' | 'leavePlace'>;
  readonly readConnection: (id: ConnectionId) => Promise<Connection | undefined>;
  readonly openList: (connection: Connection) => UserList;
  /** Asks for the next tick of a sweep that is not over. Where that gets lost, the sweep goes on when it is due. */
  readonly continueSweep: (next: SweepMessage, connection: Connection) => Promise<void>;
  readonly holder: string;
  readonly ownsAllLeases: boolean;
  readonly onResult: (id: ConnectionId, result: TickResult) => void;
  readonly onFault: (where: TickPlace, error: unknown) => void;
};

/** What is known of a tick that threw; nothing of its message but whose it is. */
export type TickPlace = {
  readonly connectionId?: string;
  readonly vendor?: string;
  /** How often the message has been delivered, this time included. */
  readonly receives: number;
};

/** The tick stops fetching this long before the invocation ends, so that there is time to commit. */
const commitReserveMs = 30_000;
/** The lease outlasts the invocation by this much: clocks differ. */
const leaseMarginMs = 60_000;

const messageSchema = z.looseObject({
  connectionId: z.string(),
  dueAt: z.optional(z.string()),
  mode: z.optional(z.enum(['full', 'delta'])),
  continues: z.optional(z.looseObject({ sweepId: z.string(), tick: z.int() })),
  budget: z.optional(z.string()),
});
type Message = z.infer<typeof messageSchema>;

/** The sweep function: one message of the queue, one tick. A tick that throws is delivered again by the queue. */
export function createSweepHandler(dependencies: SweepDependencies) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      const place: { connectionId?: string; vendor?: string; receives: number } = { receives: receivesOf(record) };
      await tickOnce(dependencies, record.body, context, place).catch((error: unknown) => {
        dependencies.onFault(place, error);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      });
    }
    return { batchItemFailures };
  };
}

async function tickOnce(
  dependencies: SweepDependencies,
  body: string,
  context: Context,
  place: { connectionId?: string; vendor?: string },
): Promise<void> {
  const message = messageSchema.parse(JSON.parse(body));
  const id = connectionId(message.connectionId);
  place.connectionId = id;
  // Of a table that was restored nothing is used. The message stays with the queue: a sweep that has begun goes on with it
  // once the feed has recovered, and after three times it lies among the dead letters, where an alarm shows it.
  await dependencies.ports.readEpoch(0);
  const connection = await dependencies.readConnection(id);
  if (connection === undefined) return dependencies.onResult(id, { kind: 'unknown' });
  place.vendor = connection.vendor;
  const result = await withPlace(dependencies, message, context, () =>
    tick(dependencies, connection, message, context),
  );
  if (result.kind === 'suspended') {
    const { budget } = message;
    await dependencies.continueSweep({ ...result.next, ...(budget !== undefined && { budget }) }, connection);
  }
  dependencies.onResult(id, result);
}

/** A tick within the place that its connection has in its budget. One that finds no place is asked for again when it is due. */
async function withPlace(
  { places, ports }: SweepDependencies,
  { budget, ...message }: Message,
  context: Context,
  run: () => Promise<TickResult>,
): Promise<TickResult> {
  if (budget === undefined) return run();
  const id = connectionId(message.connectionId);
  const untilMs = ports.nowMs() + context.getRemainingTimeInMillis() + leaseMarginMs;
  if (!(await places.keepPlace(budget, id, untilMs, sweepsPerBudget))) return { kind: 'busy' };
  let result: TickResult | undefined;
  try {
    result = await run();
    return result;
  } finally {
    if (result?.kind === 'suspended') await places.keepPlace(budget, id, ports.nowMs() + placeLifeMs, sweepsPerBudget);
    else await places.leavePlace(budget, id).catch(() => undefined);
  }
}

async function tick(
  { ports, openList, holder, ownsAllLeases }: SweepDependencies,
  connection: Connection,
  message: Message,
  context: Context,
): Promise<TickResult> {
  const remainingMs = context.getRemainingTimeInMillis();
  return runTick(ports, openList(connection), {
    holder: `${holder}/${context.awsRequestId}`,
    ownsAllLeases,
    deadlineMs: ports.nowMs() + remainingMs - commitReserveMs,
    leaseEndsAtMs: ports.nowMs() + remainingMs + leaseMarginMs,
    ...(message.dueAt !== undefined && { dueAt: message.dueAt as Instant }),
    ...(message.mode !== undefined && { mode: message.mode }),
    ...(message.continues && { continues: message.continues as SweepContinuation }),
  });
}

function receivesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount) || 1;
}

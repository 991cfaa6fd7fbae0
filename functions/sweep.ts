import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Connection } from '../src/model/connection.ts';
import { type ConnectionId, connectionId } from '../src/model/ids.ts';
import type { Instant } from '../src/model/instant.ts';
import type { SweepContinuation, SweepMessage } from '../src/sweep/dispatch-due.ts';
import type { SweepPorts, UserList } from '../src/sweep/ports.ts';
import { runTick } from '../src/sweep/run-tick.ts';
import type { TickResult } from '../src/sweep/tick.ts';

export type SweepDependencies = {
  readonly ports: SweepPorts;
  readonly readConnection: (id: ConnectionId) => Promise<Connection | undefined>;
  readonly openList: (connection: Connection) => UserList;
  /** Asks for the next tick of a sweep that is not over. Where that gets lost, the sweep goes on when it is due. */
  readonly continueSweep: (next: SweepMessage) => Promise<void>;
  readonly holder: string;
  readonly ownsAllLeases: boolean;
  readonly onResult: (id: ConnectionId, result: TickResult) => void;
  readonly onFault: (id: string, error: unknown) => void;
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
});

/** The sweep function: one message of the queue, one tick. A tick that throws is delivered again by the queue. */
export function createSweepHandler(dependencies: SweepDependencies) {
  const { ports, onFault } = dependencies;
  const tick = async (body: string, context: Context) => {
    const message = messageSchema.parse(JSON.parse(body));
    const id = connectionId(message.connectionId);
    const connection = await dependencies.readConnection(id);
    if (connection === undefined) return dependencies.onResult(id, { kind: 'unknown' });
    const remainingMs = context.getRemainingTimeInMillis();
    const result = await runTick(ports, dependencies.openList(connection), {
      holder: `${dependencies.holder}/${context.awsRequestId}`,
      ownsAllLeases: dependencies.ownsAllLeases,
      deadlineMs: ports.nowMs() + remainingMs - commitReserveMs,
      leaseEndsAtMs: ports.nowMs() + remainingMs + leaseMarginMs,
      ...(message.dueAt !== undefined && { dueAt: message.dueAt as Instant }),
      ...(message.mode !== undefined && { mode: message.mode }),
      ...(message.continues && { continues: message.continues as SweepContinuation }),
    });
    if (result.kind === 'suspended') await dependencies.continueSweep(result.next);
    dependencies.onResult(id, result);
  };
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      await tick(record.body, context).catch((error: unknown) => {
        onFault(record.body, error);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      });
    }
    return { batchItemFailures };
  };
}

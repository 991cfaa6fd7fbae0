import * as z from 'zod/mini';
import { decideHold } from '../../cli/decide-hold.ts';
import { executeNow } from '../../cli/execute-now.ts';
import { findHold } from '../../cli/find-hold.ts';
import type { OperatorRequest } from '../../src/model/operator-request.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { refusal } from './refusal.ts';

const decisionSchema = z.strictObject({
  verdict: z.enum(['approved', 'rejected']),
  why: z.optional(z.string().check(z.maxLength(1_000))),
});

export type SettlePorts = {
  readonly feed: ConsoleFeed;
  /** Who decides. */
  readonly by: string;
  readonly onFault: (where: string, error: unknown) => void;
};

/**
 * Puts an operator's word on a hold on record, as `ucf holds approve` and `reject` do, and asks for the sweep that uses it.
 * Resolves once it is on record: a sweep of a stack may take its time, and does without anybody waiting.
 * @throws config.invalid where there is no such hold; a refusal where it is decided or over
 */
export async function settleHold({ feed, by, onFault }: SettlePorts, id: string, body: unknown): Promise<object> {
  const wish = decisionSchema.safeParse(body);
  if (!wish.success)
    throw refusal(400, 'expected a verdict, approved or rejected, and perhaps why in 1,000 characters');
  const found = await findHold(feed, id);
  const { verdict, why } = wish.data;
  const request = requestOf(() =>
    decideHold(found, { by, nowMs: feed.nowMs(), verdict, ...(why !== undefined && why !== '' && { why }) }),
  );
  const { store } = feed;
  await new Promise<void>((resolve, reject) => {
    const writeRequest = async (one: OperatorRequest) => {
      await store.writeRequest(one);
      resolve();
    };
    executeNow({ store: { ...store, writeRequest }, sweepNow: feed.sweepNow }, request).catch((error: unknown) => {
      onFault(`sweeping ${found.connectionId} for a decision`, error);
      // Of no effect where the decision is on record already.
      reject(error);
    });
  });
  return { decided: verdict };
}

/** The first decision counts: whoever comes later reads who came first. */
function requestOf(decide: () => OperatorRequest): OperatorRequest {
  try {
    return decide();
  } catch (error) {
    throw refusal(409, error instanceof Error ? error.message : String(error));
  }
}

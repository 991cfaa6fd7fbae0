import type { HoldDecision } from '../src/model/hold.ts';
import { confirm } from './confirm.ts';
import { decideHold } from './decide-hold.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findHold } from './find-hold.ts';
import { openFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { showCount } from './show-count.ts';

export type DecisionOptions = FeedOptions & {
  readonly by?: string;
  readonly why?: string;
  readonly yes?: boolean;
  readonly json: boolean;
};
export type DecisionVerb = keyof typeof acts;

const acts = {
  approve: {
    verdict: 'approved',
    consequence: 'The next complete full sweep publishes what is still true of it, once.',
  },
  reject: {
    verdict: 'rejected',
    consequence: 'The next complete full sweep accepts it silently: it is never published.',
  },
} as const satisfies Record<string, { verdict: HoldDecision['verdict']; consequence: string }>;

/**
 * Leaves a decision about a hold beside the connection's state. The question is asked with the feed closed: whoever thinks
 * it over keeps no sweep waiting.
 */
export async function requestDecision(
  [verb, id]: readonly [verb: DecisionVerb, hold: string],
  options: DecisionOptions,
  output: Output,
): Promise<ExitCode> {
  const { verdict, consequence } = acts[verb];
  const by = operatorName(options.by);
  const decision = (nowMs: number) => ({ by, nowMs, verdict, ...(options.why !== undefined && { why: options.why }) });
  if (verb === 'reject') {
    const { connectionId, hold } = await withFeed(openFeed(options), async (feed) => {
      const found = await findHold(feed, id);
      decideHold(found, decision(feed.nowMs()));
      return found;
    });
    const what = `${showCount(hold.memberCount)} changes (${hold.kind}) of ${connectionId}`;
    if (!(await confirm(`Accept ${what} and never publish them?`, { yes: options.yes === true }))) {
      output.note('nothing was decided');
      return exitCodes.failedOrHeld;
    }
  }
  return withFeed(openFeed(options), async (feed) => {
    const request = decideHold(await findHold(feed, id), decision(feed.nowMs()));
    await feed.store.writeRequest(request);
    output.result(options.json ? JSON.stringify({ request }) : `${id} was ${verdict} by ${by}. ${consequence}`);
    return exitCodes.done;
  });
}

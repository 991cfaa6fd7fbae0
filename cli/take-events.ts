import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionId } from '../src/model/ids.ts';
import { instant } from '../src/model/instant.ts';
import { createPace } from '../src/publish/pace.ts';
import { type Run, type RunPart, takeRun } from '../src/publish/take-run.ts';
import { confirm } from './confirm.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Feed } from './feed.ts';
import { openTarget } from './open-target.ts';
import type { Output } from './output.ts';
import { showCount } from './show-count.ts';
import { createProgress } from './show-progress.ts';
import type { TargetOptions } from './target-options.ts';

/** Events that are to be sent once more. */
export type Taking = {
  readonly connectionId: ConnectionId;
  /** What was asked for, in all its words but the target: the same again goes on where it stopped. */
  readonly asked: readonly unknown[];
  /** What is sent, for questions and results: `acme: every present user`. */
  readonly what: string;
  /** What every part is made from, kept with the run. */
  readonly basis: () => Promise<string>;
  readonly partsOf: (run: Run) => AsyncIterable<RunPart>;
};

/** Sends events to where the options say, after a question where everybody gets them, and says how many. */
export async function takeEvents(
  feed: Feed,
  { connectionId, asked, what, basis, partsOf }: Taking,
  options: TargetOptions,
  output: Output,
): Promise<ExitCode> {
  let runId = '';
  const target = await openTarget(feed, options, () => runId);
  try {
    if (target.isBus && !(await confirm(`Send ${what} to ${target.name}?`, options))) {
      output.note('nothing was sent');
      return exitCodes.failedOrHeld;
    }
    const ask = hash('sha256', JSON.stringify([...asked, target.name])).slice(0, 32);
    if (options.restart) await feed.store.deleteRun(connectionId, ask);
    const kept = await basis();
    const progress = createProgress(output, feed.nowMs);
    const run = await takeRun(
      {
        store: feed.store,
        target,
        pace: createPace({ perSecond: options.rate, nowMs: feed.nowMs, sleep: (ms) => sleep(ms) }),
        newRun: () => ({ runId: randomUUID(), startedAt: instant(feed.nowMs()), taken: 0, basis: kept }),
        onProgress: ({ taken }) => progress.tell(`${showCount(taken)} events sent`),
      },
      {
        connectionId,
        ask,
        partsOf(begun) {
          runId = begun.runId;
          if (begun.cursor !== undefined)
            output.note(`going on with what began at ${begun.startedAt}: ${begun.taken} events were sent before`);
          return partsOf(begun);
        },
      },
    );
    progress.end();
    const sent = { connectionId, events: run.taken, runId: run.runId };
    output.result(options.json ? JSON.stringify(sent) : `${what}: ${run.taken} events sent to ${target.name}`);
    return exitCodes.done;
  } finally {
    await target.close();
  }
}

import { isFeedError } from '../src/model/feed-error.ts';
import { confirm } from './confirm.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Feed } from './feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';

export type RecoverOptions = {
  readonly by?: string;
  readonly yes: boolean;
  readonly force: boolean;
  readonly json: boolean;
};

/** What a new epoch means for whoever listens. */
const meaning = [
  'sweeps go on, and consumers see a new epoch: order is by epoch, then by sequence or revision',
  'whatever differs between the table and the lists of the vendors is published anew, as far as the brakes let it pass',
  'nobody is deleted for it: who is absent is counted from the next complete sweep on',
];

/** Gives the feed an epoch that nobody has used, after its table was restored from a backup. */
export async function recoverFeed(
  { mark }: Pick<Feed, 'mark'>,
  options: RecoverOptions,
  output: Output,
): Promise<ExitCode> {
  const by = operatorName(options.by);
  const kind = await readKind(mark);
  const isNeeded = kind !== 'current' && kind !== 'unclaimed';
  if (!isNeeded && !options.force) {
    if (options.json) output.result(JSON.stringify({ recovered: false }));
    else output.result('nothing to recover: the table is the one that this feed knows');
    output.note('after a whole state folder was put back from a backup, which nobody can notice, add --force');
    return exitCodes.done;
  }
  if (!(await confirm('Give this feed a new epoch and let its sweeps go on?', options))) {
    output.note('nothing was changed');
    return exitCodes.failedOrHeld;
  }
  const epoch = await mark.recover(by);
  if (options.json) output.result(JSON.stringify({ recovered: true, epoch, by }));
  else for (const line of [`the feed is in epoch ${epoch} now`, ...meaning]) output.result(line);
  return exitCodes.done;
}

/** A mark that is lost or cannot be read is written anew. */
async function readKind(mark: Feed['mark']): Promise<string> {
  return mark.read().then(
    ({ kind }) => kind,
    (error: unknown) => {
      if (isFeedError(error, 'config.invalid')) return 'unreadable';
      throw error;
    },
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsoleFeed } from '../console/server/console-feed.ts';
import { createLogFollower } from '../console/server/follow-log.ts';
import { openInBrowser } from '../console/server/open-in-browser.ts';
import { type RunningConsole, startConsole } from '../console/server/start-console.ts';
import { readEnvironment } from '../src/config/environment.ts';
import { chooseFeed } from './choose-feed.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { openRunningFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';

export type ConsoleCommandOptions = FeedOptions & {
  readonly port?: number;
  readonly open: boolean;
  readonly by?: string;
};

/** How often the log of a stack is looked at while a page is open. */
const lookEveryMs = 2_000;

/** Serves the console of a feed until it is asked to stop. @throws local.state_in_use, config.invalid */
export async function runConsole(options: ConsoleCommandOptions, output: Output): Promise<ExitCode> {
  const by = operatorName(options.by);
  const chosen = chooseFeed(options, readEnvironment());
  const name = 'stack' in chosen ? `stack ${chosen.stack}` : `state folder ${chosen.state}`;
  const stopping = new AbortController();
  const onFault = (where: string, error: unknown) => output.note(`${where}: ${explainError(error)}`);
  let served: RunningConsole | undefined;
  const opening = openRunningFeed(options, { onEvent: async (event) => served?.offer(event), onFault });
  await withFeed(opening, async (feed) => {
    served = await startConsole({ feed, name, by, simulators: [], port: options.port, onFault });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
    output.note(`console: ${served.url}`);
    output.note('press Ctrl+C to stop');
    if (options.open) await openInBrowser(served.url).catch((error: unknown) => onFault('opening a browser', error));
    await follow(feed, { served, stopping: stopping.signal, onFault });
    await served.close();
  });
  return exitCodes.done;
}

type Following = {
  readonly served: RunningConsole;
  readonly stopping: AbortSignal;
  readonly onFault: (where: string, error: unknown) => void;
};

/** A state folder changes only by what this process does in it, which it hears of anyway. */
async function follow(feed: ConsoleFeed, { served, stopping, onFault }: Following): Promise<void> {
  const follower = createLogFollower(feed, served.live);
  while (!stopping.aborted) {
    if (feed.runtime === 'deployed')
      await follower.look().catch((error: unknown) => onFault('following the log', error));
    await sleep(lookEveryMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

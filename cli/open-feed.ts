import { readEnvironment } from '../src/config/environment.ts';
import { chooseFeed } from './choose-feed.ts';
import type { Feed, FeedListener, RunningFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { openLocalFeed, openRunningLocalFeed } from './open-local-feed.ts';

/** Loaded when it is needed: AWS's clients cost every other command a good part of its start. */
const stackFeeds = () => import('./open-stack-feed.ts');

/**
 * Opens a feed for looking at it; with `mayBegin` also one that a new state folder begins.
 * @throws config.invalid, local.state_in_use, local.state_unusable
 */
export async function openFeed(options: FeedOptions, { mayBegin = false } = {}): Promise<Feed> {
  const chosen = chooseFeed(options, readEnvironment());
  return 'stack' in chosen ? (await stackFeeds()).openStackFeed(chosen.stack) : openLocalFeed(chosen.state, mayBegin);
}

/** Opens a feed for sweeping. @throws config.invalid, local.state_in_use, local.state_unusable */
export async function openRunningFeed(options: FeedOptions, listener: FeedListener): Promise<RunningFeed> {
  const chosen = chooseFeed(options, readEnvironment());
  return 'stack' in chosen
    ? (await stackFeeds()).openRunningStackFeed(chosen.stack, listener)
    : openRunningLocalFeed(chosen.state, listener);
}

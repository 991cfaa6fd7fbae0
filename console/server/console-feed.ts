import type { RunningFeed } from '../../cli/feed.ts';

/** What a console needs of a feed, wherever that runs. */
export type ConsoleFeed = Pick<RunningFeed, 'store' | 'nowMs' | 'connections' | 'protectorOf' | 'runtime' | 'sweepNow'>;

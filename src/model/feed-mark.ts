import type { Instant } from './instant.ts';

/** What is kept outside the table, so that a table that was restored from a backup is noticed. */
export type FeedMark = {
  /** Of every event from now on. */
  readonly epoch: number;
  /** Which tables are this feed's: none before the first was claimed, two while one takes over from the other. */
  readonly tables: readonly string[];
  /** Who has last given the feed a new epoch, and when. */
  readonly recovered?: { readonly by: string; readonly at: Instant };
};

import { FeedError } from '../src/model/feed-error.ts';

/** A state folder that cannot be read or written, in words for whoever named it. A database tells the reason as its error's cause. */
export function unusableFolder(folder: string, error: unknown, prefix = ''): FeedError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const reason = prefix + (cause instanceof Error ? cause.message : String(cause));
  const message = `the state folder ${folder} cannot be used (${reason}); name another one with --state`;
  return new FeedError('local.state_unusable', message, { folder }, { cause });
}

import { FeedError } from '../src/model/feed-error.ts';

/** Wrong usage, which ends a command with exit code 2: which argument, what is wrong with it, what to do. */
export function usageFault(path: string, message: string): FeedError<'config.invalid'> {
  return new FeedError('config.invalid', `${path}: ${message}`, { faults: [{ path, message }] });
}

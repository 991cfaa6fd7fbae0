import { isFeedError } from '../model/feed-error.ts';

/** A record that will be delivered again, told without anything of people: other errors' messages may hold anything. */
export type FailedRecord = {
  readonly messageId: string;
  readonly error: string;
  readonly code?: string;
  readonly message?: string;
};

export function describeFailure(messageId: string, error: unknown): FailedRecord {
  const name = error instanceof Error ? error.name : typeof error;
  if (isFeedError(error)) return { messageId, error: name, code: error.code, message: error.message };
  return { messageId, error: name };
}

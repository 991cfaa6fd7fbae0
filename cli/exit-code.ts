import { isFeedError } from '../src/model/feed-error.ts';

/** What a command's exit code says. */
export const exitCodes = { done: 0, failedOrHeld: 1, wrongUsageOrConfiguration: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a command that ended with an error. */
export function exitCodeOf(error: unknown): ExitCode {
  return isFeedError(error, 'config.invalid', 'local.state_in_use', 'local.state_unusable')
    ? exitCodes.wrongUsageOrConfiguration
    : exitCodes.failedOrHeld;
}

/** An error in one or several lines for people; the chain of causes where this program has no words for it. */
export function explainError(error: unknown): string {
  if (isFeedError(error)) return error.message + explainCause(error.cause);
  return error instanceof Error ? error.message + explainCause(error.cause) : String(error);
}

function explainCause(cause: unknown): string {
  return cause instanceof Error && !isFeedError(cause) && cause.message !== '' ? `: ${cause.message}` : '';
}

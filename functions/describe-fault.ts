import { isFeedError } from '../src/model/feed-error.ts';

/** What a log says of an error: nothing that could hold a value of somebody's, as most messages can. */
export type FaultFacts = {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly at?: readonly string[];
  readonly cause?: FaultFacts;
};

/** These name resources and permissions, in words of this program's own or of AWS. */
const speakingCodes = /^(config|publish|queue)\.|^store\.restored$/;
const speakingNames =
  /AccessDenied|NotAuthorized|NotFound|DoesNotExist|NonExistent|Throttl|ExpiredToken|UnrecognizedClient|KMS/;
const maxFrames = 6;
const maxCauses = 3;

/** An error as code, name and stack frames. Its message only where it is known to speak of configuration. */
export function describeFault(error: unknown, depth = 0): FaultFacts {
  if (!(error instanceof Error)) return { name: typeof error };
  const speaks = isFeedError(error) ? speakingCodes.test(error.code) : speakingNames.test(error.name);
  const frames = framesOf(error);
  return {
    name: error.name,
    ...(isFeedError(error) && { code: error.code }),
    ...(speaks && { message: error.message }),
    ...(depth === 0 && frames.length > 0 && { at: frames }),
    ...(error.cause !== undefined && depth < maxCauses && { cause: describeFault(error.cause, depth + 1) }),
  };
}

/** Where it was thrown. What stands before the frames is the message. */
function framesOf({ stack = '' }: Error): readonly string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  return frames.slice(0, maxFrames).map((line) => line.trim().replace(/^at /, ''));
}

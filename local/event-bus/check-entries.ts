import type { JsonObject } from '../../src/model/json.ts';
import { type Answer, refuse } from './answer.ts';
import { entryBytes, type SentEntry } from './sent-entry.ts';

/** Source: AWS EventBridge API reference, "PutEvents": 1 to 10 entries. */
const maxEntryCount = 10;
/** Source: AWS EventBridge user guide, "Sending events with PutEvents": all entries of a request are under 1 MB. */
const limitBytes = 1024 * 1024;

/** Why one entry was not accepted, in a request that was answered with 200. */
export type EntryFailure = { readonly ErrorCode: string; readonly ErrorMessage: string };

/** The refusal of a whole request for its number of entries or their size; undefined where it keeps the limits. */
export function checkLimits(entries: readonly SentEntry[]): Answer | undefined {
  if (entries.length < 1) return refuseCount('greater than or equal to 1');
  if (entries.length > maxEntryCount) return refuseCount(`less than or equal to ${maxEntryCount}`);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes < limitBytes) return undefined;
  return refuse('ValidationException', 'Total size of the entries in the request is over the limit.');
}

function refuseCount(constraint: string): Answer {
  const where = "1 validation error detected: Value at 'entries' failed to satisfy constraint";
  return refuse('ValidationException', `${where}: Member must have length ${constraint}`);
}

/** The detail of an entry that is in order, else why it is not. */
export function checkEntry(entry: SentEntry): { readonly detail: JsonObject } | EntryFailure {
  for (const argument of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[argument]) return missing(argument);
  }
  if (entry.Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = readObject(entry.Detail ?? '');
  return detail === undefined ? { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' } : { detail };
}

function missing(argument: string): EntryFailure {
  const reason = `Reason: ${argument} is a required argument.`;
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${argument} is not valid. ${reason}` };
}

function readObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

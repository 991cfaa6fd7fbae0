import { InvalidArgumentError, Option } from 'commander';
import { type Instant, readInstant } from '../src/model/instant.ts';
import { loggedEventTypes } from './event-types.ts';

/** A time, or the sequence of an event. */
export type LogMark = { readonly at: Instant } | { readonly sequence: number };

/** Reads a sequence, or a time in ISO-8601. */
export function readMark(text: string): LogMark {
  if (/^\d+$/.test(text)) return { sequence: Number(text) };
  return { at: readTime(text) };
}

export function readTime(text: string): Instant {
  const at = readInstant(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError('expected a time like 2026-11-23T08:15:00Z.');
}

export function readSequence(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected the sequence of an event, from 0 on.');
}

export function readPositive(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('expected a number from 1 on.');
}

/** Event types, all where none is given. */
export function typeOption(): Option {
  const collect = (type: string, before: readonly string[]) => {
    if (loggedEventTypes.includes(type as never)) return [...before, type];
    throw new InvalidArgumentError(`expected one of ${loggedEventTypes.join(', ')}.`);
  };
  return new Option('--type <type>', 'only events of this type; may be repeated')
    .choices(loggedEventTypes)
    .default([], 'all')
    .argParser(collect);
}

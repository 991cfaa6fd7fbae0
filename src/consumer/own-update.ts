import { FeedError } from '../model/feed-error.ts';
import type { OwnAttributes } from './consumer-table.ts';

/** What the table needs for itself. */
const reserved = new Set([
  'pk',
  'connectionId',
  'userId',
  'epoch',
  'revision',
  'eventId',
  'begunEpoch',
  'begunRevision',
  'leaseHolder',
  'leaseUntil',
]);

/**
 * A consumer's own attributes as the part of an update.
 * @throws config.invalid for a name that the table needs for itself
 */
export function ownUpdate(attributes: OwnAttributes) {
  const taken = Object.keys(attributes).filter((name) => reserved.has(name));
  if (taken.length > 0) {
    const faults = taken.map((name) => ({
      path: name,
      message: 'is an attribute of the table itself: name it otherwise',
    }));
    const message = `applyInSameWrite names ${taken.join(', ')}, which the consumer's table needs for itself: name it otherwise`;
    throw new FeedError('config.invalid', message, { faults });
  }
  const all = Object.entries(attributes).map(([name, value], at) => ({ name, value, at }));
  const set = all.filter(({ value }) => value !== undefined);
  const removed = all.filter(({ value }) => value === undefined);
  return {
    names: Object.fromEntries(all.map(({ name, at }) => [`#own${at}`, name])),
    values: Object.fromEntries(set.map(({ value, at }) => [`:own${at}`, value])),
    /** Everything that is set, these first, and what is taken away. */
    expression(first: readonly string[]): string {
      const setting = [...first, ...set.map(({ at }) => `#own${at} = :own${at}`)];
      const removing = removed.length > 0 ? ` REMOVE ${removed.map(({ at }) => `#own${at}`).join(', ')}` : '';
      return `SET ${setting.join(', ')}${removing}`;
    },
  };
}

import * as z from 'zod/mini';
import { type Projection, projectionText } from '../../src/diff/projection.ts';
import { type FeedEvent, type UserEvent, userEventSchema } from '../../src/events/feed-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { applyChanges } from './apply-changes.ts';

/** Somebody who keeps a table of users by the events of a feed and believes what they say. */
export type Consumer = {
  readonly users: ReadonlyMap<string, CanonicalUser>;
  /** What events said that cannot be true after what earlier events said. */
  readonly contradictions: readonly string[];
  take(events: readonly FeedEvent[]): void;
};

export function createConsumer(projection: Projection, known: readonly CanonicalUser[]): Consumer {
  const users = new Map<string, CanonicalUser>(known.map((user) => [user.id, user]));
  const revisions = new Map<string, number>();
  const contradictions: string[] = [];
  let sequence = 0;

  const judge = ({ type, metadata, data }: UserEvent) => {
    const before = users.get(metadata.userId);
    const complain = (isWrong: boolean, what: string) => {
      if (isWrong) contradictions.push(`${type} of ${metadata.userId} at ${metadata.sequence}: ${what}`);
    };
    complain(metadata.sequence !== sequence + 1, `sequence after ${sequence}`);
    complain(metadata.revision <= (revisions.get(metadata.userId) ?? 0), 'revision does not rise');
    complain((metadata.window.notBefore ?? '') > metadata.window.notAfter, 'window ends before it begins');
    complain((type === 'user.created') === (before !== undefined), before ? 'he is known' : 'he is not known');
    complain(type === 'user.updated' && data.status !== undefined, 'an update with a status');
    complain(type === 'user.status_changed' && data.status === undefined, 'a status change without one');
    if (before === undefined) return;
    complain(data.status !== undefined && data.status.from !== before.status, `from ${data.status?.from}`);
    const isChange = type === 'user.updated' || type === 'user.status_changed';
    complain(isChange && data.changes.length === 0, 'nothing changed');
    const applied = projectionText(applyChanges(before, data.changes), projection);
    complain(
      isChange && applied !== projectionText(data.user as object as CanonicalUser, projection),
      'changes lead elsewhere',
    );
  };

  return {
    users,
    contradictions,
    take(events) {
      for (const event of events) {
        const userEvent = z.parse(userEventSchema, event);
        judge(userEvent);
        const { metadata, type, data } = userEvent;
        sequence = metadata.sequence;
        revisions.set(metadata.userId, metadata.revision);
        if (type === 'user.deleted') users.delete(metadata.userId);
        else users.set(metadata.userId, data.user as object as CanonicalUser);
      }
    },
  };
}

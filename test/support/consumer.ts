import type { UserEvent } from '../../src/events/feed-event.ts';
import type { ReceivedEvent } from './feed-under-test.ts';

/**
 * What a consumer knows who applies events as the contract says: whatever is not newer by revision is ignored.
 * Values are display name and status, or undefined for a deleted user.
 */
export function consume(received: readonly ReceivedEvent[]): Map<string, string> {
  const revisions = new Map<string, number>();
  const users = new Map<string, string>();
  for (const { type, metadata, data } of received as readonly UserEvent[]) {
    if (!type.startsWith('user.')) continue;
    if ((revisions.get(metadata.userId) ?? 0) >= metadata.revision) continue;
    revisions.set(metadata.userId, metadata.revision);
    if (type === 'user.deleted') users.delete(metadata.userId);
    else users.set(metadata.userId, `${data.user.displayName} ${data.user.status}`);
  }
  return users;
}

/** Faults in what consumers received: an id with two contents, a gap in the sequence, a revision that goes back. */
export function contractFaults(received: readonly ReceivedEvent[]): readonly string[] {
  const faults: string[] = [];
  const contents = new Map<string, string>();
  const bySequence = new Map<number, string>();
  for (const event of received) {
    const { eventId, sequence } = event.metadata;
    const content = JSON.stringify(event);
    if (contents.has(eventId) && contents.get(eventId) !== content) faults.push(`two contents of event ${eventId}`);
    contents.set(eventId, content);
    if (bySequence.has(sequence) && bySequence.get(sequence) !== eventId)
      faults.push(`two events of sequence ${sequence}`);
    bySequence.set(sequence, eventId);
  }
  const sequences = [...bySequence.keys()].sort((a, b) => a - b);
  for (const [at, sequence] of sequences.entries())
    if (sequence !== at + 1) faults.push(`sequence ${sequence} stands at place ${at + 1}`);
  return [...faults, ...revisionFaults(received)];
}

function revisionFaults(received: readonly ReceivedEvent[]): readonly string[] {
  const faults: string[] = [];
  const known = new Map<string, { readonly revision: number; readonly sequence: number }>();
  const ordered = [...received].sort((a, b) => a.metadata.sequence - b.metadata.sequence);
  for (const { metadata } of ordered as readonly UserEvent[]) {
    if (metadata.userId === undefined) continue;
    const before = known.get(metadata.userId);
    if (before !== undefined && before.sequence !== metadata.sequence && metadata.revision <= before.revision)
      faults.push(`revision ${metadata.revision} of ${metadata.userId} follows ${before.revision}`);
    known.set(metadata.userId, metadata);
  }
  return faults;
}

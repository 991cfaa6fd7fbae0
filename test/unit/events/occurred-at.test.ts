import { describe, expect, it } from 'vitest';
import { composeEvents } from '../../../src/events/compose-events.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { ChangeWindow } from '../../../src/model/change.ts';
import type { UserChange } from '../../../src/model/log-batch.ts';
import { aBatch, aChange, anEntry, aTransition, at, aUser } from '../../support/builders.ts';

/** When the event of a change says that it happened. */
function occurredAt(
  type: UserChange['type'],
  user: CanonicalUser,
  window: ChangeWindow = { notBefore: at(0), notAfter: at(60) },
) {
  const transition = aTransition({ entry: anEntry({ user }), change: aChange({ type, window }) });
  const metadata: object | undefined = composeEvents(aBatch({ transitions: [transition] }))[0]?.metadata;
  return metadata && 'occurredAt' in metadata ? metadata.occurredAt : 'nothing';
}

describe('occurredAt', () => {
  it('is when the vendor says the user was created, or that his status changed', () => {
    const user = aUser({ createdAt: at(10), statusChangedAt: at(20) });

    expect(occurredAt('created', user)).toBe(at(10));
    expect(occurredAt('status_changed', user)).toBe(at(20));
  });

  it.each(['created', 'status_changed', 'updated', 'deleted'] as const)(
    'is left out of %s where the vendor says nothing',
    (type) => {
      expect(occurredAt(type, aUser())).toBe('nothing');
    },
  );

  it('is not guessed from another time', () => {
    const user = aUser({ createdAt: at(10), statusChangedAt: at(20), updatedAt: at(30), lastActiveAt: at(40) });

    expect(occurredAt('updated', user)).toBe('nothing');
    expect(occurredAt('created', aUser({ statusChangedAt: at(20), updatedAt: at(30) }))).toBe('nothing');
  });

  it.each([
    ['at the start of the window', at(0), at(0)],
    ['at its end', at(60), at(60)],
    ['before it', at(-1), 'nothing'],
    ['after it', at(61), 'nothing'],
  ])('%s is %s: only what the window allows is believed', (_, createdAt, expected) => {
    expect(occurredAt('created', aUser({ createdAt }))).toBe(expected);
  });

  it('is left out where the window has no start: nobody knows whether that was the change', () => {
    expect(occurredAt('created', aUser({ createdAt: at(10) }), { notAfter: at(60) })).toBe('nothing');
  });

  it('is left out where the vendor’s time cannot be read', () => {
    expect(occurredAt('created', aUser({ createdAt: 'yesterday' as never }))).toBe('nothing');
  });

  it('is written in the feed’s one spelling of time', () => {
    const createdAt = at(10).replace('.000Z', '+00:00') as never;

    expect(occurredAt('created', aUser({ createdAt }))).toBe(at(10));
  });
});

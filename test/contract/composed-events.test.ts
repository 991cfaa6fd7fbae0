import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeEvents } from '../../src/events/compose-events.ts';
import { parseFeedEvent } from '../../src/events/parse-feed-event.ts';
import { unwrapEvent } from '../../src/events/unwrap-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { everyField, twoAlike } from '../property/arbitraries.ts';
import {
  aBatch,
  aContext,
  aDeparture,
  anEntry,
  aProjection,
  aSuspect,
  at,
  depart,
  observe,
} from '../support/builders.ts';

const context = aContext({ projection: aProjection(everyField) });

/** The events about a user who appears as one, is seen as another, and is gone; whole or without values. */
function eventsAbout(before: CanonicalUser, after: CanonicalUser, isThin: boolean) {
  const first = observe(aSuspect({ user: before, observedAt: at(0) }), context);
  const second = observe(aSuspect({ user: after, entry: first?.entry ?? anEntry({ user: before }) }), context);
  const third = depart(aDeparture({ entry: anEntry({ user: after }) }), context);
  const transitions = [first, second, third].flatMap((staged, number) => {
    if (staged?.change === undefined) return [];
    return [{ ...staged, change: { ...staged.change, sequence: number + 1 } }];
  });
  return composeEvents(aBatch({ transitions, ...(isThin && { payload: 'thin' }) }));
}

describe(parseFeedEvent, () => {
  it('reads whatever is composed of any two users as it is, whole and thin', () => {
    fc.assert(
      fc.property(twoAlike, fc.boolean(), ([before, after], isThin) => {
        for (const event of eventsAbout(before, after, isThin))
          expect(JSON.stringify(parseFeedEvent({ body: JSON.stringify(event) }))).toBe(JSON.stringify(event));
      }),
    );
  });

  it('refuses any other JSON with an error of its own', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseFeedEvent(text)).toThrow(expect.objectContaining({ code: 'event.invalid' }));
        expect(() => unwrapEvent(text)).toThrow(expect.objectContaining({ name: 'FeedError' }));
      }),
    );
  });
});

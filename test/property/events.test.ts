import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { composeEvents } from '../../src/events/compose-events.ts';
import { feedEventSchema } from '../../src/events/feed-event.ts';
import { maxEventBytes } from '../../src/events/truncate-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { aBatch, aContext, anEntry, aProjection, aSuspect, at, observe } from '../support/builders.ts';
import { everyField, twoAlike } from './arbitraries.ts';

const context = aContext({ projection: aProjection(everyField) });

/** The events about a user who appears as one and is then seen as another. */
function eventsAbout(before: CanonicalUser, after: CanonicalUser) {
  const first = observe(aSuspect({ user: before, observedAt: at(0) }), context);
  const second = observe(aSuspect({ user: after, entry: first?.entry ?? anEntry({ user: before }) }), context);
  const transitions = [first, second].flatMap((staged, number) => {
    if (staged?.change === undefined) return [];
    return [{ ...staged, change: { ...staged.change, sequence: number + 1 } }];
  });
  return composeEvents(aBatch({ transitions }));
}

describe(composeEvents, () => {
  it('composes events of any two users that are what the schema says, also after JSON', () => {
    fc.assert(
      fc.property(twoAlike, ([before, after]) => {
        for (const event of eventsAbout(before, after)) {
          expect(z.safeParse(feedEventSchema, event).error).toBeUndefined();
          expect(z.safeParse(feedEventSchema, JSON.parse(JSON.stringify(event))).error).toBeUndefined();
        }
      }),
    );
  });

  it('keeps every event below its limit, valid and the same every time, however long the values', () => {
    const length = fc.constantFrom(0, 10, 20_000, 60_000, 140_000);
    const long = fc.record({ bio: length, avatar: length, title: length, admin: length });
    fc.assert(
      fc.property(twoAlike, long, long, ([before, after], one, other) => {
        const events = () => eventsAbout(lengthened(before, one), lengthened(after, other));

        for (const [number, event] of events().entries()) {
          expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(maxEventBytes);
          expect(z.safeParse(feedEventSchema, event).error).toBeUndefined();
          expect(JSON.stringify(events()[number])).toBe(JSON.stringify(event));
        }
      }),
      { numRuns: 20 },
    );
  });
});

type Lengths = { readonly bio: number; readonly avatar: number; readonly title: number; readonly admin: number };

function lengthened(user: CanonicalUser, { bio, avatar, title, admin }: Lengths): CanonicalUser {
  return {
    ...user,
    bio: 'b'.repeat(bio),
    avatar: 'ä'.repeat(avatar / 2),
    title: '"'.repeat(title / 2),
    vendorAttributes: { ...user.vendorAttributes, admin: 'x'.repeat(admin) },
  };
}

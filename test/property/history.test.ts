import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digester } from '../../src/diff/digest.ts';
import { fromHex } from '../../src/diff/digest.ts';
import { projectionText } from '../../src/diff/projection.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { aDigester, aProjection } from '../support/builders.ts';
import { runCount } from '../support/run-count.ts';
import { aSmallList } from './arbitraries.ts';
import { createConsumer } from './naive-consumer.ts';
import { createPureFeed } from './pure-feed.ts';

const projection = aProjection();
const size = 6;

/** One list after the other, some of them read to the end, some not, users now and then shown twice. */
const history = fc.array(fc.record({ users: aSmallList(size), again: aSmallList(2), isComplete: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
});

/** What the projection shows of every user of a list who is not deleted; the later row of a user counts. */
function livingIn(users: readonly CanonicalUser[]): ReadonlyMap<string, string> {
  const latest = new Map(users.map((user) => [user.id as string, user]));
  return sortedMap([...latest].filter(([, { status }]) => status !== 'deleted'));
}

function sortedMap(users: readonly (readonly [string, CanonicalUser])[]): ReadonlyMap<string, string> {
  return new Map(users.map(([id, user]) => [id, projectionText(user, projection)] as const).sort());
}

/** A feed and a consumer who both know the first list. */
function begin(
  baseline: readonly CanonicalUser[],
  options: { readonly digester?: Digester; readonly confirmSweeps?: number } = {},
) {
  const feed = createPureFeed({ projection, digester: aDigester, ...options });
  const consumer = createConsumer(
    projection,
    baseline.filter(({ status }) => status !== 'deleted'),
  );
  const { events } = feed.sweep({ pages: [baseline], policy: { purpose: 'baseline' } });
  expect(events).toStrictEqual([]);
  return { feed, consumer };
}

type Step = { readonly isListed: boolean; readonly isComplete: boolean };

type Sight = { readonly isThere: boolean; readonly missed: number };

function sightAfter({ isThere, missed }: Sight, { isListed, isComplete }: Step, confirmSweeps: number): Sight {
  if (isListed) return { isThere: true, missed: isComplete || !isThere ? 0 : missed };
  if (!isThere || !isComplete) return { isThere, missed };
  return { isThere: missed + 1 < confirmSweeps, missed: missed + 1 };
}

/** The events about one user who is there at the start, as a person would foresee them. */
function foreseen(steps: readonly Step[], confirmSweeps: number): readonly (readonly string[])[] {
  let sight: Sight = { isThere: true, missed: 0 };
  return steps.map((step) => {
    const before = sight;
    sight = sightAfter(before, step, confirmSweeps);
    if (before.isThere === sight.isThere) return [];
    return [sight.isThere ? 'user.created' : 'user.deleted'];
  });
}

describe('a history of lists', () => {
  it('leaves a consumer of its events with the vendor’s list after every complete sweep', () => {
    fc.assert(
      fc.property(aSmallList(size), history, (baseline, steps) => {
        const { feed, consumer } = begin(baseline);

        for (const { users, again, isComplete } of steps) {
          const { events } = feed.sweep({ pages: [users, again], isComplete });

          consumer.take(events);
          if (isComplete) expect(sortedMap([...consumer.users])).toStrictEqual(livingIn([...users, ...again]));
        }
      }),
      { numRuns: runCount(100) },
    );
  });

  it('tells a consumer nothing that contradicts what he was told before', () => {
    fc.assert(
      fc.property(aSmallList(size), history, (baseline, steps) => {
        const { feed, consumer } = begin(baseline);

        for (const { users, isComplete } of steps) consumer.take(feed.sweep({ pages: [users], isComplete }).events);

        expect(consumer.contradictions).toStrictEqual([]);
      }),
      { numRuns: runCount(100) },
    );
  });

  it('counts what the snapshot holds, and raises the revision of every user it touches by one', () => {
    fc.assert(
      fc.property(aSmallList(size), history, (baseline, steps) => {
        const { feed } = begin(baseline);

        for (const { users, again, isComplete } of steps) {
          const before = new Map([...feed.entries].map(([id, { revision }]) => [id, revision]));
          const { transitions } = feed.sweep({ pages: [users, again], isComplete });

          expect(feed.counts).toStrictEqual(feed.recount());
          for (const { entry } of transitions) expect(entry.revision).toBe((before.get(entry.userId) ?? 0) + 1);
          expect(new Set(transitions.map(({ entry }) => entry.userId)).size).toBe(transitions.length);
        }
      }),
    );
  });

  it('deletes a user exactly when as many complete sweeps in a row as it takes did not list him', () => {
    const presence = fc.array(fc.record<Step>({ isListed: fc.boolean(), isComplete: fc.boolean() }), { maxLength: 15 });
    fc.assert(
      fc.property(aSmallList(1), presence, fc.integer({ min: 1, max: 3 }), ([user], steps, confirmSweeps) => {
        fc.pre(user !== undefined && user.status !== 'deleted');
        const { feed } = begin([user], { confirmSweeps });
        const heard = steps.map(({ isListed, isComplete }) =>
          feed.sweep({ pages: [isListed ? [user] : []], isComplete }).events.map(({ type }) => type),
        );

        expect(heard).toStrictEqual(foreseen(steps, confirmSweeps));
      }),
      { numRuns: runCount(100) },
    );
  });

  it('leaves a consumer with the vendor’s list although users share their key hashes', () => {
    const digester: Digester = {
      ...aDigester,
      keyHash: (id) => fromHex(`${'00'.repeat(7)}0${Number(id.slice(1)) % 3}`),
    };
    fc.assert(
      fc.property(aSmallList(size), history, (baseline, steps) => {
        const { feed, consumer } = begin(baseline, { digester });

        for (const { users, isComplete } of steps) consumer.take(feed.sweep({ pages: [users], isComplete }).events);
        const last = steps.at(-1)?.users ?? [];
        for (let quiet = 0; quiet < 3; quiet += 1) consumer.take(feed.sweep({ pages: [last] }).events);

        expect(sortedMap([...consumer.users])).toStrictEqual(livingIn(last));
        expect(feed.counts).toStrictEqual(feed.recount());
      }),
      { numRuns: runCount(100), seed: 1 },
    );
  });
});

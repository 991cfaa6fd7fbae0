import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absenceOf } from '../../src/diff/absence.ts';
import {
  type Absence,
  type AbsentUser,
  createAbsentList,
  createAbsentListBuilder,
  type UnseenUser,
} from '../../src/diff/absent-list.ts';
import { sweepId, userId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import { at } from '../support/builders.ts';

/** Few users, some of whom share a key hash. */
const unseen: fc.Arbitrary<UnseenUser> = fc
  .record({ keyHash: fc.nat(5), userId: fc.option(fc.constantFrom('1', '2', '#', '"ä')) })
  .map((user) => ({
    keyHash: user.keyHash.toString(16).padEnd(16, '0'),
    ...(user.userId !== null && { userId: userId(user.userId) }),
  }));
const absence: fc.Arbitrary<Absence> = fc
  .record({
    missedSweeps: fc.oneof(fc.nat(3), fc.integer({ min: 32_765, max: 65_540 })),
    lastSeenAt: fc.option(fc.integer({ min: 1, max: 253_402_300_799_999 })),
    wasExcluded: fc.boolean(),
  })
  .map(({ missedSweeps, lastSeenAt, wasExcluded }) => ({
    missedSweeps,
    ...(lastSeenAt !== null && { lastSeenAt: instant(lastSeenAt) }),
    ...(wasExcluded && { wasExcluded }),
  }));
const users: fc.Arbitrary<readonly AbsentUser[]> = fc.array(
  fc.tuple(unseen, absence).map(([user, since]) => ({ ...user, ...since })),
  { maxLength: 30 },
);

function keyOf(user: UnseenUser): string {
  return JSON.stringify([user.keyHash, user.userId]);
}

function listOf(absent: readonly AbsentUser[]) {
  const builder = createAbsentListBuilder();
  for (const user of absent) builder.add(user);
  return createAbsentList(builder.build());
}

describe(createAbsentList, () => {
  it('holds what a map would hold, with saturated counts', () => {
    fc.assert(
      fc.property(users, fc.array(unseen), (absent, asked) => {
        const saturated = absent.map((user) => ({ ...user, missedSweeps: Math.min(user.missedSweeps, 32_767) }));
        const model = new Map(saturated.map((user) => [keyOf(user), user]));

        const list = listOf(absent);

        const listed = [...list.users()];
        expect(list.count).toBe(listed.length);
        expect(listed).toHaveLength(model.size);
        expect(new Map(listed.map((user) => [keyOf(user), user]))).toStrictEqual(model);
        for (const user of asked) {
          const known = model.get(keyOf(user));
          const found = list.find(user);
          expect(
            found && { keyHash: user.keyHash, ...(user.userId && { userId: user.userId }), ...found },
          ).toStrictEqual(known);
        }
      }),
    );
  });
});

describe(absenceOf, () => {
  it('counts one more than the list of the last complete sweep, and never on from another one', () => {
    fc.assert(
      fc.property(users, unseen, fc.boolean(), (absent, user, isContinued) => {
        const lastComplete = { sweepId: sweepId('s1'), startedAt: at(0) };
        const list = listOf(absent);
        const earlier = isContinued ? list.find(user) : undefined;

        const now = absenceOf(user, { list, lastComplete, sweepId: sweepId(isContinued ? 's1' : 's0') });

        const begun = { missedSweeps: 1, ...(isContinued && { lastSeenAt: at(0) }) };
        expect(now).toStrictEqual(earlier ? { ...earlier, missedSweeps: earlier.missedSweeps + 1 } : begun);
      }),
    );
  });
});

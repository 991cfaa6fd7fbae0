import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { diffUser } from '../../src/diff/diff-user.ts';
import { createProjection, fieldText, projectionText } from '../../src/diff/projection.ts';
import { createProtector } from '../../src/diff/protect-user.ts';
import { canonicalUserSchema } from '../../src/events/canonical-user-schema.ts';
import { composeEvents } from '../../src/events/compose-events.ts';
import { userEventSchema } from '../../src/events/feed-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { changeTypes } from '../../src/model/change.ts';
import type { LogBatch } from '../../src/model/log-batch.ts';
import type { ProtectedField, Protection } from '../../src/model/protection.ts';
import { aBatch, aChange, anEntry, aTransition, at } from '../support/builders.ts';
import { aCanonicalUser, everyField, twoAlike } from './arbitraries.ts';
import { marked, marksOf, protectable } from './marked-user.ts';

const key = '00112233445566778899aabbccddeeff';
const everything = createProjection(everyField, [], (text) => text);
const holdsNoText = /At$|Verified$|Enabled$/;
const hashable = protectable.filter((path) => !holdsNoText.test(path));

const anyProtection: fc.Arbitrary<Protection> = fc.record({
  redact: fc.subarray([...protectable], { maxLength: 12 }),
  hash: fc.subarray([...protectable]),
});
const protectorOf = (protection: Protection) => createProtector(protection, key);
const protectedPaths = ({ redact, hash }: Protection) => [...redact, ...hash];
const isRedacted = ({ redact, hash }: Protection, path: string) =>
  redact.some((field) => field === path) || (holdsNoText.test(path) && hash.some((field) => field === path));

/** A batch that tells, in an event of any type, how a user became another, with everybody's values marked. */
const aMarkedBatch: fc.Arbitrary<LogBatch> = fc
  .tuple(twoAlike, fc.constantFrom(...changeTypes))
  .map(([[one, other], type]) => {
    const [before, after] = [marked(one), marked(other)];
    const diff = diffUser(before, after, everything);
    const window = { notBefore: at(-100 * 365 * 24 * 60), notAfter: at(60) };
    const change = aChange({ type, window, diff: diff ?? { changedFields: [], before: {} } });
    return aBatch({
      transitions: [aTransition({ entry: anEntry({ user: after, digest: '', projectionVersion: '' }), change })],
    });
  });

function expectNoMark(text: string, paths: readonly ProtectedField[]) {
  for (const mark of paths.flatMap(marksOf)) expect(text).not.toContain(mark);
}

describe(createProtector, () => {
  it('leaks nothing of a protected field from any user', () => {
    fc.assert(
      fc.property(aCanonicalUser(), anyProtection, (user, protection) => {
        const masked = protectorOf(protection).protectUser(marked(user));

        expectNoMark(JSON.stringify(masked), protectedPaths(protection));
      }),
    );
  });

  it('leaks nothing of a protected field from any batch, nor from its events', () => {
    fc.assert(
      fc.property(aMarkedBatch, anyProtection, (batch, protection) => {
        const masked = protectorOf(protection).protectBatch(batch);

        expectNoMark(JSON.stringify(masked), protectedPaths(protection));
        expectNoMark(JSON.stringify(composeEvents(masked)), protectedPaths(protection));
      }),
    );
  });

  it('leaves every field that is not protected as it is', () => {
    fc.assert(
      fc.property(aCanonicalUser(), anyProtection, (user, protection) => {
        const open = protectable.filter((path) => !protectedPaths(protection).includes(path));
        const before = marked(user);
        const after = protectorOf(protection).protectUser(before);

        for (const path of open) expect(fieldText(after, { path })).toBe(fieldText(before, { path }));
        expect([after.id, after.status, after.rawStatus]).toStrictEqual([before.id, before.status, before.rawStatus]);
      }),
    );
  });

  it('masks what is masked already no further', () => {
    fc.assert(
      fc.property(aMarkedBatch, anyProtection, (batch, protection) => {
        const protector = protectorOf(protection);
        const once = protector.protectBatch(batch);

        expect(JSON.stringify(protector.protectBatch(once))).toBe(JSON.stringify(once));
      }),
    );
  });

  it('changes nothing in place, invents no field and keeps every event', () => {
    fc.assert(
      fc.property(aMarkedBatch, anyProtection, (batch, protection) => {
        const untouched = JSON.stringify(batch);

        const masked = protectorOf(protection).protectBatch(batch);

        expect(JSON.stringify(batch)).toBe(untouched);
        expect(composeEvents(masked).map(({ metadata }) => metadata.sequence)).toStrictEqual([1]);
        for (const [number, { entry, change }] of masked.transitions.entries()) {
          const unmasked = batch.transitions[number];
          expect(pathsWithin(unmasked?.entry.user)).toStrictEqual(expect.arrayContaining([...pathsWithin(entry.user)]));
          expect(pathsWithin(unmasked?.change?.diff?.before)).toStrictEqual(
            expect.arrayContaining([...pathsWithin(change?.diff?.before)]),
          );
        }
      }),
    );
  });

  it('gives a user of the published shape', () => {
    fc.assert(
      fc.property(aCanonicalUser(), anyProtection, (user, protection) => {
        const masked = protectorOf(protection).protectUser(user);

        expect(z.safeParse(canonicalUserSchema, masked).error).toBeUndefined();
      }),
    );
  });

  it('gives equal values for equal ones and distinct values for distinct ones', () => {
    fc.assert(
      fc.property(twoAlike, ([one, other]) => {
        const protector = protectorOf({ redact: [], hash: hashable });
        const [oneMasked, otherMasked] = [protector.protectUser(one), protector.protectUser(other)];

        for (const field of everyField.filter(({ path }) => hashable.includes(path)))
          expect(fieldText(oneMasked, field) === fieldText(otherMasked, field)).toBe(
            fieldText(one, field) === fieldText(other, field),
          );
      }),
    );
  });
});

describe(createProjection, () => {
  const projectionOf = (protection: Protection) => createProjection(everyField, [], (text) => text, protection);

  it('ignores redacted fields of protected users and nothing else', () => {
    fc.assert(
      fc.property(twoAlike, anyProtection, ([before, after], protection) => {
        const protector = protectorOf(protection);
        const diff = diffUser(protector.protectUser(before), protector.protectUser(after), projectionOf(protection));

        const plain = diffUser(before, after, everything)?.changedFields ?? [];
        expect(diff?.changedFields ?? []).toStrictEqual(plain.filter((path) => !isRedacted(protection, path)));
      }),
    );
  });

  it('gives a user the same text whether or not his redacted fields were taken out', () => {
    fc.assert(
      fc.property(aCanonicalUser(), fc.subarray([...protectable]), (user, redact) => {
        const projection = projectionOf({ redact, hash: [] });
        const masked = protectorOf({ redact, hash: [] }).protectUser(user);

        expect(projectionText(masked, projection)).toBe(projectionText(user, projection));
      }),
    );
  });
});

describe(composeEvents, () => {
  it('composes thin events that hold no value but the status', () => {
    fc.assert(
      fc.property(aMarkedBatch, (batch) => {
        const [event] = composeEvents({ ...batch, payload: 'thin' });
        const { metadata, data } = z.parse(userEventSchema, event);

        const told = JSON.stringify({ metadata: { ...metadata, occurredAt: undefined }, data });
        expectNoMark(told, [...protectable, 'rawStatus']);
        expect(Object.keys(data.user)).toStrictEqual(['id', 'status']);
      }),
    );
  });
});

/** Where a user, or a part of one, holds something. */
function pathsWithin(part: object | undefined): readonly string[] {
  const { vendorAttributes = {}, ...fields } = (part ?? {}) as Partial<CanonicalUser>;
  return [...Object.keys(fields), ...Object.keys(vendorAttributes).map((name) => `vendorAttributes.${name}`)];
}

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/diff/canonical-json.ts';
import { fieldText, projectionText } from '../../src/diff/projection.ts';
import { aProjection, digestOf } from '../support/builders.ts';
import { aCanonicalUser, everyField, presentJson, respelled, someFields, twoAlike } from './arbitraries.ts';

describe(canonicalJson, () => {
  it('is the same for two values exactly when they are equal', () => {
    fc.assert(
      fc.property(presentJson, presentJson, (one, other) => {
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isDeepStrictEqual(one, other));
      }),
    );
  });

  it('is JSON for the value itself', () => {
    fc.assert(
      fc.property(presentJson, (value) => {
        expect(isDeepStrictEqual(JSON.parse(canonicalJson(value) ?? ''), value)).toBe(true);
      }),
    );
  });

  it('does not change when absence is spelled out', () => {
    const absent = fc.constantFrom(undefined, null, '', [], {}, [[]], { a: null });
    fc.assert(
      fc.property(presentJson, absent, absent, (value, one, other) => {
        expect(canonicalJson({ b: one, value: [one, value, other], z: other })).toBe(canonicalJson({ value: [value] }));
      }),
    );
  });
});

describe('the digest of a user', () => {
  it('ignores the order of keys, the order of sets and repeated members', () => {
    fc.assert(
      fc.property(aCanonicalUser(), fc.nat(20), (user, turn) => {
        expect(digestOf(respelled(user, turn), aProjection(everyField))).toBe(digestOf(user, aProjection(everyField)));
      }),
    );
  });

  it('differs exactly when the text of some projected field differs', () => {
    fc.assert(
      fc.property(twoAlike, someFields, ([one, other], fields) => {
        const projection = aProjection(fields);
        const differs = projection.fields.some((field) => fieldText(one, field) !== fieldText(other, field));

        expect(digestOf(one, projection) !== digestOf(other, projection)).toBe(differs);
      }),
    );
  });

  it('does not see what is not projected', () => {
    fc.assert(
      fc.property(aCanonicalUser(), someFields, (user, fields) => {
        const projection = aProjection(fields);
        const paths = projection.fields.map(({ path }) => path.split('.')[0]);
        const projected = Object.entries(user).filter(([name]) => name === 'id' || paths.includes(name as never));

        expect(projectionText(Object.fromEntries(projected) as typeof user, projection)).toBe(
          projectionText(user, projection),
        );
      }),
    );
  });
});

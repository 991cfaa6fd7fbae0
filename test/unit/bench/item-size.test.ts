import { describe, expect, it } from 'vitest';
import { itemBytes } from '../../../bench/item-size.ts';

describe(itemBytes, () => {
  it.each([
    { what: 'a text', value: 'abc', bytes: 3 },
    { what: 'a text beyond ASCII', value: 'Søren', bytes: 6 },
    { what: 'bytes', value: new Uint8Array(14), bytes: 14 },
    { what: 'zero', value: 0, bytes: 1 },
    { what: 'a digit', value: 7, bytes: 2 },
    { what: 'two digits', value: 42, bytes: 2 },
    { what: 'three digits', value: 365, bytes: 3 },
    { what: 'zeros behind', value: 1_000_000, bytes: 2 },
    { what: 'an odd number of zeros behind two digits', value: 1_200, bytes: 2 },
    { what: 'digits that straddle a pair', value: 120, bytes: 3 },
    { what: 'a fraction', value: 12.34, bytes: 3 },
    { what: 'a negative number', value: -42, bytes: 3 },
    { what: 'an instant in milliseconds', value: 1_795_432_123_456, bytes: 8 },
    { what: 'a truth value', value: true, bytes: 1 },
    { what: 'null', value: null, bytes: 1 },
    { what: 'an empty list', value: [], bytes: 3 },
    { what: 'a list', value: ['ab', 'c'], bytes: 3 + 1 + 2 + 1 + 1 },
    { what: 'a map', value: { ab: 'c' }, bytes: 3 + 1 + 2 + 1 },
    { what: 'a map with what is left out', value: { ab: 'c', d: undefined }, bytes: 3 + 1 + 2 + 1 },
  ])('counts $bytes for $what, and its name', ({ value, bytes }) => {
    expect(itemBytes({ name: value })).toBe(4 + bytes);
  });

  it('adds attributes up, without those that are left out', () => {
    expect(itemBytes({ pk: 'a', sk: 'bc', gone: undefined })).toBe(2 + 1 + 2 + 2);
  });
});

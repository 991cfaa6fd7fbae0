import { describe, expect, it } from 'vitest';
import { showDifference, showValue } from '../../../console/server/show-value.ts';

describe(showValue, () => {
  it.each([
    ['text as it is', 'Ünal <b>', 'Ünal <b>'],
    ['a time in words', '2026-03-02T09:30:00.000Z', '2026-03-02 09:30:00'],
    ['a date as it is', '2026-03-02', '2026-03-02'],
    ['an address as the address', [{ value: 'a@example.org' }], 'a@example.org'],
    [
      'addresses with their kinds',
      [{ value: 'a@x.org', type: 'work' }, { value: 'b@x.org' }],
      'a@x.org (work), b@x.org',
    ],
    ['roles by their names', [{ id: '7', name: 'admin' }, { id: '8' }], 'admin, 8'],
    ['words of a list', ['de', 'en'], 'de, en'],
    ['yes', true, 'yes'],
    ['a number', 0, '0'],
    ['anything else as JSON', { a: { b: 1 } }, '{"a":{"b":1}}'],
  ])('shows %s', (_, value, shown) => {
    expect(showValue(value)).toBe(shown);
  });

  it('cuts what is longer than a page', () => {
    expect(showValue('x'.repeat(5_000))).toHaveLength(2_001);
  });
});

describe(showDifference, () => {
  it('shows values that read the same as JSON, so that what differs is seen', () => {
    const before = [{ value: 'a@example.org', primary: true }];
    const after = [{ value: 'a@example.org' }];

    expect(showDifference(before, after)).toStrictEqual([JSON.stringify(before), JSON.stringify(after)]);
  });

  it('shows others as words', () => {
    expect(showDifference([{ value: 'a@x.org' }], [{ value: 'b@x.org' }])).toStrictEqual(['a@x.org', 'b@x.org']);
  });
});

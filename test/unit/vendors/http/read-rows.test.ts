import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readRows } from '../../../../src/vendors/http/read-rows.ts';

const reader = {
  schema: z.object({ name: z.string(), tags: z.optional(z.array(z.string())) }),
  toUser: ({ name }: { readonly name: string }, id: string) => ({ id, displayName: name }) as never,
};
const read = (...rows: unknown[]) => readRows(rows, reader);

describe('readRows', () => {
  it('keeps the good rows beside a bad one, in their order', () => {
    expect(read({ id: 'a', name: 'A' }, { id: 'b', name: 7 }, { id: 3, name: 'C' })).toStrictEqual({
      users: [
        { id: 'a', displayName: 'A' },
        { id: '3', displayName: 'C' },
      ],
      rejected: [{ id: 'b', reason: 'name: expected string' }],
    });
  });

  it('names the field inside of a list, and never a value', () => {
    const { rejected } = read({ id: 'a', name: 'A', tags: ['x', { secret: 'Ann' }] });

    expect(rejected).toStrictEqual([{ id: 'a', reason: 'tags.1: expected string' }]);
  });

  it.each([
    ['null', null, 'expected an object'],
    ['a text', 'ann', 'expected an object'],
    ['no id', { name: 'A' }, 'id: expected a text or a whole number'],
    ['an empty id', { id: '' }, 'id: expected a text or a whole number'],
    ['a broken number', { id: 1.5 }, 'id: expected a text or a whole number'],
    ['a number with lost digits', { id: 2 ** 53 }, 'id: expected a text or a whole number'],
    ['an id beyond the limit', { id: 'x'.repeat(513) }, 'id: expected at most 512 characters'],
    ['half a character as id', { id: '\ud800' }, 'id: expected well-formed text'],
  ])('rejects %s without an id', (_what, row, reason) => {
    expect(read(row)).toStrictEqual({ users: [], rejected: [{ reason }] });
  });

  it('accepts an id at the limit', () => {
    expect(read({ id: 'x'.repeat(512), name: 'A' }).users).toHaveLength(1);
  });
});

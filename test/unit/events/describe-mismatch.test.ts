import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { describeMismatch } from '../../../src/events/describe-mismatch.ts';

function mismatchOf(schema: z.core.$ZodType, value: unknown) {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) throw new Error('it was accepted');
  return describeMismatch(parsed.error.issues);
}

describe(describeMismatch, () => {
  it('says no more than that something else is expected where nothing is complained about', () => {
    expect(describeMismatch([])).toStrictEqual({ path: '', expected: 'something else' });
  });

  it.each<[string, z.core.$ZodType, unknown, string]>([
    ['a type', z.number(), 'a', 'expected number'],
    ['one of several values', z.enum(['full', 'delta']), 'half', 'expected full or delta'],
    ['a format', z.url(), 'no address', 'expected url'],
    ['a least number', z.number().check(z.gte(3)), 2, 'expected at least 3'],
    ['a number above another', z.number().check(z.gt(0)), 0, 'expected more than 0'],
    ['what it has no word for', z.number().check(z.lt(0)), 0, 'expected another shape'],
    ['one of several shapes', z.union([z.string(), z.number()]), true, 'expected another shape'],
  ])('names %s', (_, schema, value, expected) => {
    expect(mismatchOf(z.object({ field: schema }), { field: value })).toStrictEqual({ path: 'field', expected });
  });

  it('goes into the first of several shapes that fits on the outside', () => {
    const inner = z.object({ depth: z.object({ count: z.number() }) });
    const schema = z.object({ field: z.union([z.string(), inner, z.object({ other: z.string() })]) });

    expect(mismatchOf(schema, { field: { depth: { count: 'three' }, other: 4 } })).toStrictEqual({
      path: 'field.depth.count',
      expected: 'expected number',
    });
  });

  it('stays outside where no shape says where it differs', () => {
    const issue = { code: 'invalid_union', path: ['field'], errors: [[], [{ path: [] }]], message: '' };

    expect(describeMismatch([issue as never])).toStrictEqual({ path: 'field', expected: 'expected another shape' });
  });

  it('names fields, and of keys that could be anything only that there is one', () => {
    const schema = z.record(z.string(), z.object({ '': z.object({ 'a.b-c_1': z.number() }) }));
    const pathOf = (key: string) => mismatchOf(schema, { [key]: { '': { 'a.b-c_1': 'x' } } }).path;

    expect(pathOf('field')).toBe('field.a.b-c_1');
    expect(pathOf('ada@example.com')).toBe('….a.b-c_1');
    expect(pathOf('k'.repeat(100))).toBe(`${'k'.repeat(100)}.a.b-c_1`);
    expect(pathOf('k'.repeat(101))).toBe('….a.b-c_1');
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { describeIssue } from '../../../../src/vendors/http/describe-issue.ts';

const explain = (schema: z.ZodMiniType, value: unknown) => {
  const { error } = schema.safeParse(value, { error: ({ input }) => `found ${String(input)}` });
  return error === undefined ? 'no issue' : describeIssue(error);
};

describe('describeIssue', () => {
  it.each([
    [z.object({ name: z.string() }), { name: 7 }, 'name: expected string'],
    [z.array(z.object({ id: z.int() })), [{ id: 1 }, { id: 'Ann' }], '1.id: expected number'],
    [z.int().check(z.minimum(3)), 2, 'expected at least 3'],
    [z.string().check(z.maxLength(2)), 'Ann', 'expected at most 2'],
    [z.enum(['a', 'b']), 'Ann', 'expected a or b'],
    [z.string().check(z.regex(/^x/)), 'Ann', 'not of the expected form'],
    [z.union([z.string(), z.int()]), true, 'not of the expected form'],
  ])('says what was expected, never what was found (%#)', (schema, value, expected) => {
    expect(explain(schema, value)).toBe(expected);
  });
});

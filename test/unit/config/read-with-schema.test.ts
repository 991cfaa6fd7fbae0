import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readWithSchema } from '../../../src/config/read-with-schema.ts';

const faultOf = (schema: z.ZodMiniType, value: unknown) => {
  const read = readWithSchema(schema, value, 'options');
  return 'faults' in read ? read.faults.map(({ path, message }) => `${path}: ${message}`) : read;
};

describe('readWithSchema', () => {
  it('answers with what the schema makes of the value', () => {
    expect(readWithSchema(z.strictObject({ a: z._default(z.int(), 7) }), {}, '')).toStrictEqual({ value: { a: 7 } });
  });

  it.each<readonly [string, z.ZodMiniType, unknown, string]>([
    ['a wrong type', z.string(), 7, 'expected a text, found 7'],
    ['a broken number', z.int(), 1.5, 'expected a whole number, found 1.5'],
    ['a type without a word of ours', z.bigint(), 1, 'expected bigint, found 1'],
    ['a short text', z.string().check(z.minLength(2)), 'a', 'expected at least 2 character(s), found "a"'],
    [
      'a long list',
      z.array(z.int()).check(z.maxLength(1)),
      [1, 2],
      'expected at most 1 in the list, found a list of 2',
    ],
    ['a small number', z.number().check(z.gt(1)), 1, 'expected more than 1, found 1'],
    ['a great number', z.number().check(z.lt(1)), 1, 'expected less than 1, found 1'],
    ['an uneven number', z.number().check(z.multipleOf(2)), 3, 'expected a multiple of 2, found 3'],
    [
      'a text against a pattern',
      z.string().check(z.regex(/^a$/)),
      'b',
      'expected a text that matches /^a$/, found "b"',
    ],
    ['a text of no known format', z.uuid(), 'b', 'expected a text of the format uuid, found "b"'],
    [
      'a text near an allowed one',
      z.enum(['asc', 'desc']),
      'dsc',
      'expected "asc" or "desc", found "dsc": did you mean "asc"?',
    ],
    ['a pair that is none', z.tuple([z.string(), z.string()]), 'a', 'expected a list, found "a"'],
    ['none of two forms', z.union([z.int(), z.literal('all')]), true, 'expected a number or "all", found true'],
    ['a refusal without reason', z.string().check(z.refine(() => false)), 'a', 'expected another value, found "a"'],
    ["the schema's own reason", z.string('name it'), 7, 'name it'],
    ['a long text', z.enum(['a']), 'x'.repeat(100), `expected "a", found "${'x'.repeat(60)}…"`],
  ])('explains %s', (_what, schema, value, message) => {
    expect(faultOf(schema, value)).toStrictEqual([`options: ${message}`]);
  });

  it('names the path of each fault, also of keys that are no names', () => {
    const schema = z.strictObject({
      list: z.array(z.record(z.string().check(z.regex(/^k/)), z.strictObject({ a: z.int() }))),
    });

    expect(faultOf(schema, { list: [{}, { k1: { a: 'x', b: 1 }, 'not k': {} }], lst: 1 })).toStrictEqual([
      'options.list[1].k1.a: expected a number, found "x"',
      'options.list[1].k1.b: unknown key: remove it (known here: a)',
      'options.list[1]["not k"]: expected a key that is a text that matches /^k/, found "not k"',
      'options.lst: unknown key, did you mean "list"?',
    ]);
  });
});

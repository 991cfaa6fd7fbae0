import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createAcceptor } from '../../../../src/vendors/http/acceptor.ts';

describe(createAcceptor, () => {
  it.each<[string, z.core.$ZodType, unknown]>([
    ['a text that is made into another', z.pipe(z.string(), z.transform(Number)), '7'],
    ['a text that is trimmed', z.string().check(z.trim()), 'a'],
    ['a text of a format', z.iso.datetime(), '2026-11-23T08:15:30Z'],
    ['a checked number', z.number().check(z.minimum(1)), 2],
    ['a checked object', z.object({ a: z.string() }).check(z.refine(() => true)), { a: 'b' }],
    ['a default for what is absent', z.optional(z._default(z.string(), 'x')), undefined],
    ['a strict object', z.strictObject({ a: z.string() }), { a: 'b' }],
    ['one of several that are not all known', z.union([z.pipe(z.string(), z.transform(Number)), z.string()]), '7'],
    ['a date', z.date(), new Date(0)],
  ])('leaves %s to the schema', (_, schema, value) => {
    expect(schema._zod.run({ value, issues: [] }, { async: false })).toMatchObject({ issues: [] });
    expect(createAcceptor(schema)(value)).toBe(false);
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN])('does not accept the number %s, which JSON cannot tell', (value) => {
    expect(createAcceptor(z.number())(value)).toBe(false);
  });

  it('accepts an absent field only where it may be', () => {
    const accepts = createAcceptor(z.object({ a: z.nullish(z.string()), b: z.unknown() }));

    expect([{ b: 1 }, { a: null, b: null }, { a: 'x' }, {}, [], null].map(accepts)).toStrictEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('tells null from absent', () => {
    const ofNull = [z.optional(z.string()), z.nullable(z.string())].map((schema) => createAcceptor(schema)(null));
    const ofAbsent = [z.optional(z.string()), z.nullable(z.string())].map((schema) =>
      createAcceptor(schema)(undefined),
    );

    expect([ofNull, ofAbsent]).toStrictEqual([
      [false, true],
      [true, false],
    ]);
  });
});

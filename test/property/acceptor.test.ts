import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { userId } from '../../src/model/ids.ts';
import * as delay from '../../src/vendors/delay/to-user.ts';
import { delayUser } from '../../src/vendors/delay/wire.ts';
import { createAcceptor } from '../../src/vendors/http/acceptor.ts';
import * as leen from '../../src/vendors/leen/to-user.ts';
import { leenUser } from '../../src/vendors/leen/wire.ts';
import * as openproject from '../../src/vendors/openproject/to-user.ts';
import { openprojectUser } from '../../src/vendors/openproject/wire.ts';
import * as truto from '../../src/vendors/truto/to-user.ts';
import { trutoUser } from '../../src/vendors/truto/wire.ts';
import * as yuuvis from '../../src/vendors/yuuvis/to-user.ts';
import { yuuvisUser } from '../../src/vendors/yuuvis/wire.ts';
import { runCount } from '../support/run-count.ts';

type Reading<Row> = { readonly schema: z.ZodMiniType<Row>; readonly toUser: (row: Row) => ObservedUser };

const id = userId('u-1');
const reading = <Row>(schema: z.ZodMiniType<Row>, toUser: (row: Row) => ObservedUser): Reading<unknown> =>
  ({ schema, toUser }) as Reading<unknown>;
const readings: Readonly<Record<string, Reading<unknown>>> = {
  delay: reading(delayUser, (row) => delay.toUser(row, id, 'unknown')),
  leen: reading(leenUser, (row) => leen.toUser(row, id)),
  openproject: reading(openprojectUser, (row) => openproject.toUser(row, id, ['customField1', 'customField2'])),
  truto: reading(trutoUser, (row) => truto.toUser(row, id)),
  yuuvis: reading(yuuvisUser, (row) => yuuvis.toUser(row, id, ['uma_*'])),
};

type Row = { readonly [field: string]: unknown };

/** The users of the fixture with every field, the first of them. */
function fullRow(vendor: string): Row {
  const file = join(import.meta.dirname, '../fixtures/vendors', vendor, 'every-field.json');
  const body = JSON.parse(readFileSync(file, 'utf8'));
  const rows = Array.isArray(body) ? body : (body.result ?? body.items ?? body.objects ?? body._embedded.elements);
  return rows[0];
}

/** What `JSON.parse` can give, also where no vendor should. */
const anything = fc.oneof(
  fc.constantFrom(null, '', 0, 1, 1.5, -1, 2 ** 60, Number.POSITIVE_INFINITY, true, 'User', 'x'.repeat(20)),
  fc.constantFrom(
    [],
    {},
    [null],
    [''],
    [[]],
    { id: 'a' },
    { id: '' },
    { id: 7 },
    { name: 7 },
    { id: null, name: null },
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(`{"__proto__":${JSON.stringify(value)},"a":"b"}`)),
);

type Spoil = { readonly at: number; readonly depth: number; readonly value: unknown; readonly isGone: boolean };
const spoils = fc.array(
  fc.record({ at: fc.nat(40), depth: fc.nat(3), value: anything, isGone: fc.boolean() }) as fc.Arbitrary<Spoil>,
  { maxLength: 3 },
);

/** A row with something in it replaced or left out, at any depth. */
function spoil(value: unknown, { at, depth, value: other, isGone }: Spoil): unknown {
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(1, keys.length)];
  if (key === undefined) return other;
  if (Array.isArray(value))
    return value.map((member, index) =>
      String(index) === key ? spoil(member, { at, depth, value: other, isGone }) : member,
    );
  const { [key]: inner, ...rest } = value as Row;
  if (depth > 0 && typeof inner === 'object')
    return { ...rest, [key]: spoil(inner, { at, depth: depth - 1, value: other, isGone }) };
  return isGone ? { ...rest, [`other${key}`]: other } : { ...rest, [key]: other };
}

describe.each(Object.entries(readings))('what is accepted of %s without its schema', (vendor, { schema, toUser }) => {
  const accepts = createAcceptor(schema);
  const row = fullRow(vendor);

  it('is a user with every field', () => {
    expect(accepts(row)).toBe(true);
  });

  it('passes the schema, and becomes the same user', () => {
    fc.assert(
      fc.property(spoils, (some) => {
        const spoiled = some.reduce(spoil, row as unknown);
        if (!accepts(spoiled)) return;

        const parsed = schema.safeParse(spoiled);
        expect(parsed.error).toBeUndefined();
        expect(toUser(spoiled)).toStrictEqual(toUser(parsed.data));
      }),
      { numRuns: runCount(2_000) },
    );
  });

  it('is most of what the schema takes', () => {
    let [taken, accepted] = [0, 0];
    fc.assert(
      fc.property(spoils, (some) => {
        const spoiled = some.reduce(spoil, row as unknown);
        if (!schema.safeParse(spoiled).success) return;
        taken += 1;
        if (accepts(spoiled)) accepted += 1;
      }),
      { numRuns: 500 },
    );

    expect(accepted).toBeGreaterThan(taken * 0.8);
  });
});

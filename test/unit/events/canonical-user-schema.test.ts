import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { canonicalUserSchema } from '../../../src/events/canonical-user-schema.ts';
import { statuses } from '../../../src/model/canonical-user.ts';
import { aFullUser, aUser } from '../../support/builders.ts';

/** Where a value is not a canonical user; empty where it is one. */
function faultsOf(user: unknown): readonly string[] {
  const { success, error } = z.safeParse(canonicalUserSchema, user);
  return success ? [] : error.issues.map(({ path }) => path.join('.'));
}

describe('canonicalUserSchema', () => {
  it('knows every canonical field and no other', () => {
    expect(Object.keys(canonicalUserSchema.def.shape).sort()).toStrictEqual(Object.keys(aFullUser()).sort());
  });

  it('gives a user with every field back as he is', () => {
    expect(z.parse(canonicalUserSchema, aFullUser())).toStrictEqual(aFullUser());
  });

  it.each(statuses)('takes a user with nothing but an id and the status %s', (status) => {
    expect(faultsOf({ id: '42', status })).toStrictEqual([]);
  });

  it('passes on what it does not know, so that fields can be added', () => {
    const user = { ...aUser(), invented: 1, emails: [{ value: 'a', label: 'b' }] };

    expect(z.parse(canonicalUserSchema, user)).toStrictEqual(user);
  });

  it.each([
    ['no id', { status: 'active' }, ['id']],
    ['a number for an id', { ...aUser(), id: 42 }, ['id']],
    ['no status', { id: '42' }, ['status']],
    ['a status nobody knows', { ...aUser(), status: 'zombie' }, ['status']],
    ['null for absent', { ...aUser(), title: null, emails: null, createdAt: null }, ['title', 'emails', 'createdAt']],
    ['an email without a value', { ...aUser(), emails: [{ type: 'work' }] }, ['emails.0.value']],
    ['a time without a zone', { ...aUser(), createdAt: '2026-11-23T08:00:00' }, ['createdAt']],
    ['a time in another zone', { ...aUser(), createdAt: '2026-11-23T08:00:00+01:00' }, ['createdAt']],
    ['a day for a time', { ...aUser(), lastLoginAt: '2026-11-23' }, ['lastLoginAt']],
    ['attributes in a list', { ...aUser(), vendorAttributes: ['admin'] }, ['vendorAttributes']],
  ])('refuses %s', (_, user, faults) => {
    expect(faultsOf(user)).toStrictEqual(faults);
  });
});

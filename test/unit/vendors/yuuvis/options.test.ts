import { describe, expect, it } from 'vitest';
import { createProjection } from '../../../../src/diff/projection.ts';
import { yuuvis } from '../../../../src/vendors/yuuvis/vendor.ts';

const parse = (options: object) => yuuvis.options.parse({ tenant: 'acme', ...options });
const versionWith = (options: object) =>
  createProjection(yuuvis.projectionFor?.(parse(options)) ?? [], [], (text) => text).version;

describe('yuuvis.options', () => {
  it('fills in all but the tenant', () => {
    expect(parse({})).toStrictEqual({
      tenant: 'acme',
      max: 100,
      briefRepresentation: false,
      excludedRoles: ['offline_access', 'uma_authorization', 'default-roles-*'],
    });
  });

  it.each([
    { max: 2 },
    { briefRepresentation: true },
    { search: 'a' },
    { excludedRoles: [] },
    { excludedRoles: ['*', 'A*'] },
  ])('accepts %j', (options) => {
    expect(parse(options)).toMatchObject(options);
  });

  it.each([
    ['no tenant', { tenant: undefined }],
    ['a tenant no header can carry', { tenant: 'a b' }],
    ['pages that cannot overlap', { max: 1 }],
    ['half a user', { max: 2.5 }],
    ['a flag as text', { briefRepresentation: 'false' }],
    ['an empty search', { search: '' }],
    ['an empty role', { excludedRoles: [''] }],
    ['a * that is not at the end', { excludedRoles: ['*_access'] }],
    ['what a sweep sets itself', { first: 0 }],
    ['an option with a slip', { breifRepresentation: true }],
  ])('refuses %s', (_what, change) => {
    expect(yuuvis.options.safeParse({ tenant: 'acme', ...change }).success).toBe(false);
  });

  it('says why a page has at least two users', () => {
    expect(yuuvis.options.safeParse({ tenant: 'acme', max: 1 }).error?.issues[0]?.message).toMatch(
      /expected at least 2: a page begins with users of the page before/,
    );
  });
});

describe('yuuvis', () => {
  it('is hosted by the customer, and address and tenant name the directory', () => {
    expect([yuuvis.defaultBaseUrl(parse({})), yuuvis.account(parse({}))]).toStrictEqual([undefined, 'acme']);
  });

  it('counts only search as its scope', () => {
    expect(yuuvis.scope(parse({ max: 5, briefRepresentation: true, excludedRoles: [] }))).toStrictEqual({});
    expect(yuuvis.scope(parse({ search: 'ada' }))).toStrictEqual({ search: 'ada' });
  });

  it('does not count roles and groups where the brief form lacks them', () => {
    const paths = yuuvis.projectionFor?.(parse({ briefRepresentation: true })).map(({ path }) => path);

    expect(paths).toStrictEqual(yuuvis.projection.map(({ path }) => path).filter((path) => !/roles|groups/.test(path)));
  });

  it('takes roles for another field when other ones are left out, whatever their order', () => {
    expect(versionWith({ excludedRoles: ['a', 'b'] })).toBe(versionWith({ excludedRoles: ['b', 'a', 'b'] }));
    expect(versionWith({ excludedRoles: ['a'] })).not.toBe(versionWith({ excludedRoles: ['b'] }));
    expect(versionWith({ max: 5 })).toBe(versionWith({}));
  });
});

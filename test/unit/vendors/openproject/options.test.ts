import { describe, expect, it } from 'vitest';
import { openproject } from '../../../../src/vendors/openproject/vendor.ts';

const status = { operator: '=', values: ['active'] };
const parse = (options: object) => openproject.options.safeParse(options);

describe('openproject.options', () => {
  it('fills in the page size', () => {
    expect(openproject.options.parse({})).toStrictEqual({ pageSize: 1000, customFields: [] });
  });

  it.each([
    { filters: [{ status }, { group: { operator: '=', values: ['1'] } }, { name: status }, { login: status }] },
    { filters: [{ blocked: { operator: '*', values: [] } }, { any_name_attribute: status }, { customField3: status }] },
    { sortBy: [['status', 'asc']] },
    {
      sortBy: [
        ['lastname', 'desc'],
        ['id', 'asc'],
      ],
    },
    { pageSize: 1 },
    { customFields: ['customField3', 'customField12'] },
  ])('accepts %j', (options) => {
    expect(parse(options).success).toBe(true);
  });

  it.each([
    ['an unknown filter', { filters: [{ updatedAt: status }] }],
    ['two filters in one object', { filters: [{ status, login: status }] }],
    ['an empty filter', { filters: [{}] }],
    ['a filter without values', { filters: [{ status: { operator: '=' } }] }],
    ['filters as text', { filters: '[]' }],
    ['no order', { sortBy: [] }],
    ['an unknown column', { sortBy: [['updatedAt', 'asc']] }],
    ['an unknown direction', { sortBy: [['id', 'up']] }],
    ['no users a page', { pageSize: 0 }],
    ['the page size that means the maximum', { pageSize: -1 }],
    ['a custom field by its title', { customFields: ['Shift'] }],
    ['what a sweep sets itself', { offset: 2 }],
    ['another shape of the answer', { select: 'total' }],
    ['an option with a slip', { pagesize: 2 }],
  ])('refuses %s', (_what, options) => {
    expect(parse(options).success).toBe(false);
  });

  it.each([
    [{ pageSize: 0 }, /0 for "count only"/],
    [{ filters: [{ status, login: status }] }, /reads the first key and ignores the others/],
  ])('says why it refuses %j', (options, reason) => {
    expect(parse(options).error?.issues[0]?.message).toMatch(reason);
  });
});

describe('openproject', () => {
  it('counts only filters as its scope', () => {
    const options = openproject.options.parse({
      filters: [{ status }],
      sortBy: [['id', 'desc']],
      pageSize: 5,
      customFields: ['customField1'],
    });

    expect(openproject.scope(options)).toStrictEqual({ filters: [{ status }] });
    expect(openproject.scope(openproject.options.parse({ filters: [] }))).toStrictEqual({});
  });

  it('is hosted by the customer, and the address names the directory', () => {
    const options = openproject.options.parse({});

    expect([openproject.defaultBaseUrl(options), openproject.account(options)]).toStrictEqual([undefined, undefined]);
  });

  it('counts a custom field as a change, by id, once it is asked for', () => {
    const options = openproject.options.parse({ customFields: ['customField3', 'customField3'] });

    expect(openproject.projectionFor?.(options)).toStrictEqual([
      ...openproject.projection,
      { path: 'vendorAttributes.customField3', compareById: true },
    ]);
  });
});

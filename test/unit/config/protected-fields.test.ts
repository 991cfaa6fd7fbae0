import { describe, expect, it } from 'vitest';
import { findProtectionFaults, listProtectableFields } from '../../../src/config/protected-fields.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import { traceFields } from '../../../tools/vendor-fields.ts';
import { service } from './fake-vendors.ts';
import { entryFaults, parseEntry } from './parse-connections.ts';

const own = "or one of hosted's own (vendorAttributes.admin)";

describe('fields.redact and fields.hash', () => {
  it('are kept in one order, each field once', () => {
    const fields = { redact: ['phones', 'bio', 'phones'], hash: ['vendorAttributes.admin', 'emails', 'emails'] };

    expect(parseEntry({ fields }).protection).toStrictEqual({
      redact: ['bio', 'phones'],
      hash: ['emails', 'vendorAttributes.admin'],
    });
  });

  it('take a canonical field that this vendor does not fill', () => {
    expect(parseEntry({ fields: { redact: ['lastLoginAt'], hash: ['urls'] } }).protection).toStrictEqual({
      redact: ['lastLoginAt'],
      hash: ['urls'],
    });
  });

  it.each([
    ['displayname', ': did you mean "displayName"?'],
    ['vendorAttributes.admins', ': did you mean "vendorAttributes.admin"?'],
    ['vendorAttributes', ': name the attributes one by one'],
    ['shoeSize', ''],
    ['constructor', ''],
    ['id', ': without id nobody could tell whom an event is about'],
    ['status', ': consumers revoke access on a change of status, so it stays as it is'],
    ['rawStatus', ': consumers revoke access on a change of status, so it stays as it is'],
  ])('refuse %s', (field, advice) => {
    expect(entryFaults({ fields: { redact: ['bio', field] } })).toStrictEqual([
      `fields.redact[1]: expected a canonical field that can be redacted, ${own}, found "${field}"${advice}`,
    ]);
    expect(entryFaults({ fields: { hash: [field] } })).toStrictEqual([
      `fields.hash[0]: expected a canonical field that can be hashed, ${own}, found "${field}"${advice}`,
    ]);
  });

  it.each(['roles', 'groups', 'emailVerified', 'createdAt', 'licenses'])('redact %s, but do not hash it', (field) => {
    expect(parseEntry({ fields: { redact: [field] } }).protection.redact).toStrictEqual([field]);
    expect(entryFaults({ fields: { hash: [field] } })).toStrictEqual([
      `fields.hash[0]: expected a canonical field that can be hashed, ${own}, found "${field}": only text can be hashed, redact it instead`,
    ]);
  });

  it('refuse a field that stands in both', () => {
    expect(entryFaults({ fields: { redact: ['title', 'bio'], hash: ['emails', 'bio'] } })).toStrictEqual([
      'fields.hash[1]: "bio" stands in fields.redact too: nothing is left to hash, keep one of the two',
    ]);
  });

  it('ask for lists of texts', () => {
    expect(entryFaults({ fields: { redact: 'title', hash: [7] } })).toStrictEqual([
      'fields.redact: expected a list, found "title"',
      'fields.hash[0]: expected a text, found 7',
    ]);
  });
});

describe(findProtectionFaults, () => {
  const pathsOf = (redact: readonly string[], options: unknown) =>
    findProtectionFaults({ redact }, 'fields', service, options).map(({ path }) => path);

  it('accepts an attribute that the options bring, and one that does not count as a change', () => {
    const redact = ['vendorAttributes.size', 'vendorAttributes.origin'];

    expect(pathsOf(redact, { accountId: 'a', extraField: 'size' })).toStrictEqual([]);
    expect(pathsOf(redact, { accountId: 'a' })).toStrictEqual(['fields.redact[0]']);
  });

  it('leaves attributes undecided that options with a fault may bring, but nothing else', () => {
    expect(pathsOf(['vendorAttributes.size', 'status', 'nmae'], 'nonsense')).toStrictEqual([
      'fields.redact[1]',
      'fields.redact[2]',
    ]);
  });

  it('says where a vendor has no attributes at all', () => {
    const bare = { ...service, uncountedAttributes: [], projectionFor: () => [] };
    const [fault] = findProtectionFaults({ hash: ['x'] }, 'fields', bare, { accountId: 'a' });

    expect(fault?.message).toBe(
      'expected a canonical field that can be hashed (service has no vendorAttributes), found "x"',
    );
  });
});

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))('every attribute of %s', (_id, vendor) => {
  it('can be redacted', async () => {
    const targets = (await traceFields(vendor)).flatMap(({ arrivesAs }) => arrivesAs);
    const attributes = targets.filter((path) => path.startsWith('vendorAttributes.'));
    const byOptions =
      vendor.id === 'openproject' ? ['vendorAttributes.customField3', 'vendorAttributes.customField7'] : [];

    expect(
      attributes.filter((path) => ![...listProtectableFields('redact', vendor), ...byOptions].includes(path)),
    ).toStrictEqual([]);
  });
});

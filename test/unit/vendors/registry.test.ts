import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findVendor, vendors } from '../../../src/vendors/registry.ts';

const folder = (path: string) => new URL(`../../../${path}/`, import.meta.url);
const foldersOf = (path: string) =>
  readdirSync(folder(path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('vendors', () => {
  it('lists every folder of a vendor, under its own name', () => {
    expect(vendors.map(({ id }) => id).sort()).toStrictEqual(
      foldersOf('src/vendors')
        .filter((name) => name !== 'http')
        .sort(),
    );
  });

  it.each(vendors.map(({ id }) => id))('keeps %s in exactly three files, with fixtures', (id) => {
    expect(readdirSync(folder(`src/vendors/${id}`)).sort()).toStrictEqual(['to-user.ts', 'vendor.ts', 'wire.ts']);
    expect(readdirSync(folder(`test/fixtures/vendors/${id}`))).not.toHaveLength(0);
  });

  it.each(vendors.map((vendor) => [vendor.id, vendor] as const))(
    'lets %s track each field once',
    (_id, { projection }) => {
      const paths = projection.map(({ path }) => path);

      expect(new Set(paths).size).toBe(paths.length);
      expect(paths).toContain('status');
      expect(paths).toContain('rawStatus');
    },
  );
});

describe('findVendor', () => {
  it('finds a vendor by its id', () => {
    expect(findVendor('leen')?.title).toBe('Leen ITSM users');
  });

  it('finds nothing under another name', () => {
    expect(findVendor('Leen')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { agreedFields, createProjection } from '../../../src/diff/projection.ts';
import type { ProjectedField } from '../../../src/model/projected-field.ts';
import type { ProtectedField } from '../../../src/model/protection.ts';

const allowed: readonly ProjectedField[] = [
  { path: 'title' },
  { path: 'groups', compareById: true, since: 2 },
  { path: 'vendorAttributes.admin', shapedBy: 'all' },
];

function projectionWith(
  {
    redact = [],
    hash = [],
  }: { readonly redact?: readonly ProtectedField[]; readonly hash?: readonly ProtectedField[] },
  ignored: readonly string[] = [],
) {
  return createProjection(allowed, ignored, (text) => text, { redact, hash });
}

const plain = createProjection(allowed, [], (text) => text);
const pathsOf = ({ fields }: { readonly fields: readonly ProjectedField[] }) => fields.map(({ path }) => path);

describe(createProjection, () => {
  it('has the version it always had where nothing is protected', () => {
    const version =
      '{"groups":"2 by id","rawStatus":"1","status":"1","textFormat":2,"title":"1","vendorAttributes.admin":"1 shaped by all"}';

    expect(plain.version).toBe(version);
    expect(projectionWith({}).version).toBe(version);
    expect(projectionWith({ redact: ['status'], hash: ['rawStatus'] }).version).toBe(version);
  });

  it('does not count a redacted field', () => {
    const projection = projectionWith({ redact: ['title', 'vendorAttributes.admin'] });

    expect(pathsOf(projection)).toStrictEqual(['groups', 'rawStatus', 'status']);
    expect([...projection.meanings.keys()]).toStrictEqual(['groups', 'rawStatus', 'status']);
  });

  it('counts a status that settings want redacted or hashed as ever', () => {
    const projection = projectionWith({ redact: ['status'], hash: ['rawStatus'] });

    expect(projection.meanings).toStrictEqual(plain.meanings);
  });

  it('counts a hashed field, which means something else then', () => {
    const projection = projectionWith({ hash: ['groups', 'vendorAttributes.admin'] });

    expect(pathsOf(projection)).toStrictEqual(pathsOf(plain));
    expect(agreedFields(projection.meanings, plain.meanings)).toStrictEqual(new Set(['rawStatus', 'status', 'title']));
    expect(projection.meanings.get('groups')).toBe('2 by id hashed');
    expect(projection.meanings.get('vendorAttributes.admin')).toBe('1 hashed shaped by all');
  });

  it('does not count an instant that is to be hashed', () => {
    const fields: readonly ProjectedField[] = [{ path: 'createdAt' }];
    const projection = createProjection(fields, [], (text) => text, { redact: [], hash: ['createdAt'] });

    expect(pathsOf(projection)).toStrictEqual(['rawStatus', 'status']);
  });

  it.each<[string, Parameters<typeof projectionWith>[0], readonly string[]]>([
    ['redacted', { redact: ['lastLoginAt'] }, []],
    ['hashed', { hash: ['bio'] }, []],
    ['ignored and redacted', { redact: ['title'] }, ['title']],
    ['ignored and hashed', { hash: ['title'] }, ['title']],
  ])('has another version, but no other meaning, when a field that does not count is %s', (_, protection, ignored) => {
    const before = projectionWith({}, ignored);
    const after = projectionWith(protection, ignored);

    expect(after.version).not.toBe(before.version);
    expect(after.meanings).toStrictEqual(before.meanings);
  });

  it('has another version when a hashed field gets a new meaning', () => {
    const protection = { redact: [], hash: ['title'] } as const;
    const earlier = createProjection([{ path: 'title' }], [], (text) => text, protection);
    const later = createProjection([{ path: 'title', since: 2 }], [], (text) => text, protection);

    expect(later.version).not.toBe(earlier.version);
  });

  it('tells redacted from hashed, and either from ignored', () => {
    const versions = [
      projectionWith({ redact: ['bio'] }),
      projectionWith({ hash: ['bio'] }),
      projectionWith({ redact: ['title'] }),
      projectionWith({ hash: ['title'] }),
      projectionWith({}, ['title']),
      plain,
    ].map(({ version }) => version);

    expect(new Set(versions).size).toBe(versions.length);
  });

  it('has the same version in whatever order fields are protected', () => {
    const one = projectionWith({ redact: ['bio', 'title'], hash: ['groups', 'avatar'] });
    const other = projectionWith({ redact: ['title', 'bio', 'bio'], hash: ['avatar', 'groups', 'bio'] });

    expect(other.version).toBe(one.version);
  });
});

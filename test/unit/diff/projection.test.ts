import { describe, expect, it } from 'vitest';
import { agreedFields, createProjection, fieldText, fieldValue, projectionText } from '../../../src/diff/projection.ts';
import type { ProjectedField } from '../../../src/model/projected-field.ts';
import { aProjection, aUser } from '../../support/builders.ts';

const spelledOut = (text: string) => text;

describe(createProjection, () => {
  it('sorts fields by path and always counts the status', () => {
    const projection = createProjection([{ path: 'title' }, { path: 'vendorAttributes.admin' }], [], spelledOut);

    expect(projection.fields).toStrictEqual([
      { path: 'rawStatus' },
      { path: 'status', keepWhenAbsent: true },
      { path: 'title' },
      { path: 'vendorAttributes.admin' },
    ]);
  });

  it('leaves out what the operator ignores, except the status', () => {
    const projection = aProjection([{ path: 'title' }, { path: 'bio' }], ['bio', 'status', 'rawStatus']);

    expect(projection.fields.map(({ path }) => path)).toStrictEqual(['rawStatus', 'status', 'title']);
  });

  it('keeps a missing status whatever the vendor lists', () => {
    const projection = createProjection([{ path: 'status' }, { path: 'rawStatus' }], [], spelledOut);

    expect(projection.fields).toStrictEqual([{ path: 'rawStatus' }, { path: 'status', keepWhenAbsent: true }]);
  });

  it('tells a status whose meaning changed from the one before', () => {
    const earlier = createProjection([], [], spelledOut);
    const later = createProjection([{ path: 'status', since: 2 }], [], spelledOut);

    expect(agreedFields(later.meanings, earlier.meanings).has('status')).toBe(false);
  });

  it('has the same version in whatever order the vendor lists its fields', () => {
    const one = createProjection([{ path: 'title' }, { path: 'bio' }], [], spelledOut);
    const other = createProjection([{ path: 'bio' }, { path: 'title' }], [], spelledOut);

    expect(other.version).toBe(one.version);
  });

  it.each<[string, readonly ProjectedField[], readonly string[]]>([
    ['a field is new', [{ path: 'title' }, { path: 'bio' }], []],
    ['a field is dropped', [], []],
    ['a field is ignored', [{ path: 'title' }], ['title']],
    ['a field got a new meaning', [{ path: 'title', since: 2 }], []],
    ['options shape a field', [{ path: 'title', shapedBy: 'short' }], []],
    ['a set is compared by id from now on', [{ path: 'title', compareById: true }], []],
    ['options shape the status', [{ path: 'title' }, { path: 'status', shapedBy: 'risky' }], []],
    ['the status got a new meaning', [{ path: 'title' }, { path: 'status', since: 2 }], []],
  ])('has another version when %s', (_, fields, ignored) => {
    const before = createProjection([{ path: 'title' }], [], spelledOut);

    expect(createProjection(fields, ignored, spelledOut).version).not.toBe(before.version);
  });

  it('has the version of an earlier mapping again after a rollback', () => {
    const before = aProjection([{ path: 'title' }]);
    const after = aProjection([{ path: 'title', since: 1 }]);

    expect(after.version).toBe(before.version);
  });
});

describe(projectionText, () => {
  it('lists projected fields in order behind version and id, with null for absent ones', () => {
    const user = aUser({ vendorAttributes: { admin: true, noise: 1 }, bio: 'not projected' });
    const projection = aProjection([{ path: 'displayName' }, { path: 'title' }, { path: 'vendorAttributes.admin' }]);

    expect(projectionText(user, projection)).toBe(
      JSON.stringify([projection.version, '42', 'Ada', 'enabled', 'active', null, true]),
    );
  });

  it('tells a list from a value that is spelled like one', () => {
    const projection = aProjection([{ path: 'vendorAttributes.teams' }]);
    const [list, text] = [['a'], '["a"]'].map((teams) =>
      projectionText(aUser({ vendorAttributes: { teams: teams as never } }), projection),
    );

    expect(list).not.toBe(text);
  });

  it('cannot be made to look like another field by what is in a value', () => {
    const honest = aUser({ displayName: 'Ada', title: 'x' });
    const forged = aUser({ displayName: 'Ada","x' });

    expect(projectionText(forged, aProjection())).not.toBe(projectionText(honest, aProjection()));
  });
});

describe(fieldText, () => {
  it('takes the members of an array for a set', () => {
    const one = aUser({ languages: ['fr', 'en', 'fr'] });
    const other = aUser({ languages: ['en', 'fr'] });

    expect(fieldText(one, { path: 'languages' })).toBe('["en","fr"]');
    expect(fieldText(other, { path: 'languages' })).toBe('["en","fr"]');
  });

  it.each([[undefined], [null], [''], [[]], [{}], [[null]]])('takes the attribute %j for absent', (value) => {
    const user = aUser({ vendorAttributes: { admin: value as never } });

    expect(fieldText(user, { path: 'vendorAttributes.admin' })).toBeUndefined();
  });

  it('tells false and zero from absent', () => {
    const user = aUser({ emailVerified: false, vendorAttributes: { admin: 0 } });

    expect(fieldText(user, { path: 'emailVerified' })).toBe('false');
    expect(fieldText(user, { path: 'vendorAttributes.admin' })).toBe('0');
  });

  it('compares members by id only where the field says so', () => {
    const before = aUser({ groups: [{ id: 'g1', name: 'Old' }, { id: 'g2' }] });
    const renamed = aUser({ groups: [{ id: 'g2' }, { id: 'g1', name: 'New' }] });

    expect(fieldText(renamed, { path: 'groups', compareById: true })).toBe('[{"id":"g1"},{"id":"g2"}]');
    expect(fieldText(before, { path: 'groups', compareById: true })).toBe('[{"id":"g1"},{"id":"g2"}]');
    expect(fieldText(renamed, { path: 'groups' })).not.toBe(fieldText(before, { path: 'groups' }));
  });

  it('keeps a role apart from the same role somewhere else', () => {
    const roles = [{ id: 'r1', name: 'Admin', scope: { workspace: 'w1' } }, { id: 'r1' }];

    expect(fieldText(aUser({ roles }), { path: 'roles', compareById: true })).toBe(
      '[{"id":"r1","scope":{"workspace":"w1"}},{"id":"r1"}]',
    );
  });

  it('compares members without an id by everything they have', () => {
    const user = aUser({ groups: [{ name: 'B' }, { id: '', name: 'A' }, { id: 'g1', name: 'C' }] });

    expect(fieldText(user, { path: 'groups', compareById: true })).toBe('[{"id":"g1"},{"name":"A"},{"name":"B"}]');
  });

  it('compares members whose id is null by everything they have', () => {
    const user = aUser({ vendorAttributes: { teams: [{ id: null, name: 'A' }] } });

    expect(fieldText(user, { path: 'vendorAttributes.teams', compareById: true })).toBe('[{"name":"A"}]');
  });

  it('compares members that are plain values where ids are asked for', () => {
    const user = aUser({ languages: ['b', 'a'] });

    expect(fieldText(user, { path: 'languages', compareById: true })).toBe('["a","b"]');
  });
});

describe(fieldValue, () => {
  const attributes = JSON.parse('{"admin":true,"Admin":false,"a.b":1,"__proto__":2}');

  it.each([
    ['vendorAttributes.admin', true],
    ['vendorAttributes.Admin', false],
    ['vendorAttributes.a.b', 1],
    ['vendorAttributes.__proto__', 2],
    ['vendorAttributes.toString', undefined],
    ['vendorAttributes.ADMIN', undefined],
    ['displayName', 'Ada'],
    ['title', undefined],
  ] as const)('finds at %s what stands there itself: %j', (path, value) => {
    expect(fieldValue(aUser({ vendorAttributes: attributes }), path)).toBe(value);
  });

  it('finds no attribute in a user who has none', () => {
    expect(fieldValue(aUser(), 'vendorAttributes.admin')).toBeUndefined();
  });
});

describe(agreedFields, () => {
  it('gives the paths that both know and read the same way', () => {
    const one = aProjection([{ path: 'title' }, { path: 'bio', since: 2 }, { path: 'groups', compareById: true }]);
    const other = aProjection([{ path: 'title' }, { path: 'bio' }, { path: 'groups' }, { path: 'avatar' }]);

    expect(agreedFields(one.meanings, other.meanings)).toStrictEqual(new Set(['rawStatus', 'status', 'title']));
    expect(agreedFields(other.meanings, one.meanings)).toStrictEqual(new Set(['rawStatus', 'status', 'title']));
  });
});

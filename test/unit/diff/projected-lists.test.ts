import { describe, expect, it } from 'vitest';
import { fieldText, projectionText } from '../../../src/diff/projection.ts';
import { aProjection, aUser } from '../../support/builders.ts';

const byId = { path: 'groups', compareById: true } as const;
const textOf = (...groups: readonly unknown[]) => fieldText(aUser({ groups } as never), byId);

describe(projectionText, () => {
  it('gives each list a line of its own, and null to what is empty', () => {
    const projection = aProjection([{ path: 'bio' }, { path: 'emails' }, byId, { path: 'title' }]);
    const groups = [{ id: 'g2', name: 'B' }, { id: 'g1' }];

    expect(projectionText(aUser({ bio: '', emails: [], groups }), projection)).toBe(
      `${JSON.stringify([projection.version, '42', null, null, [], 'enabled', 'active', null])}\n[{"id":"g1"},{"id":"g2"}]`,
    );
  });
});

describe(fieldText, () => {
  it('names what is compared by id by its id and its scope alone', () => {
    expect(textOf({ id: 'g', name: 'A' }, { id: 'g', scope: 's', name: 'B' })).toBe(
      '[{"id":"g","scope":"s"},{"id":"g"}]',
    );
  });

  it('takes members that are no objects as they are, and leaves out those that are nothing', () => {
    expect(textOf('x', null, { id: 'g' })).toBe('["x",{"id":"g"}]');
    expect(textOf(null)).toBeUndefined();
  });

  it('leaves out whom no id names', () => {
    expect(textOf({ id: [] })).toBeUndefined();
    expect(textOf({ id: '', name: 'A' }, { id: null, name: 'B' })).toBe('[{"name":"A"},{"name":"B"}]');
  });
});

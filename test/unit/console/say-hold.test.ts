import { describe, expect, it } from 'vitest';
import { countKind, sayHold } from '../../../console/server/say-hold.ts';

describe(countKind, () => {
  it.each([
    ['status_changed', 1, '1 change of status'],
    ['status_changed', 20, '20 changes of status'],
    ['deleted', 1_204, '1,204 deletions'],
    ['created', 2, '2 new users'],
    ['updated', 1, '1 change of fields'],
  ] as const)('counts %s, %i, as people do', (kind, count, said) => {
    expect(countKind(kind, count)).toBe(said);
  });
});

describe(sayHold, () => {
  it.each([
    [
      { kind: 'status_changed', count: 1, reason: 'brake' },
      '1 change of status is held: more than the brake lets pass in a day',
    ],
    [{ kind: 'deleted', count: 9, reason: 'list_empty' }, '9 deletions are held: the list was suddenly empty'],
    [
      { kind: 'updated', count: 9, reason: 'field_vanished', fields: ['title', 'userName'] },
      '9 changes of fields are held: title, userName were missing from nearly everybody',
    ],
    [{ kind: 'updated', count: 9, reason: 'newer_reason' }, '9 changes of fields are held: newer_reason'],
  ] as const)('says what is held and by what', (hold, said) => {
    expect(sayHold(hold)).toBe(said);
  });
});

import { describe, expect, it } from 'vitest';
import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import { userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { at } from '../../support/builders.ts';

const a = { keyHash: '00000000000000aa' };
const b = { keyHash: '00000000000000bb' };
const one = { ...b, userId: userId('1') };
const two = { ...b, userId: userId('2') };

function pack(...users: readonly AbsentUser[]): Uint8Array {
  const builder = createAbsentListBuilder();
  for (const user of users) builder.add(user);
  return builder.build();
}

/** A list of two pairs and no sharers: version, length 32, pairs, length 2, `[]`. */
const packed = pack({ ...a, missedSweeps: 1 }, { ...b, missedSweeps: 2, lastSeenAt: at(0) });

function changed(at: number, byte: number): Uint8Array {
  const bytes = packed.slice();
  bytes[at] = byte;
  return bytes;
}

function withTrailer(json: string): Uint8Array {
  return Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, json.length]), Buffer.from(json)]);
}

describe(createAbsentList, () => {
  it('is empty without bytes, and from a builder that was given nobody', () => {
    for (const list of [createAbsentList(), createAbsentList(pack())])
      expect([list.count, list.find(a), [...list.users()]]).toStrictEqual([0, undefined, []]);
  });

  it('finds what is known of each, also who was never seen and who was seen since', () => {
    const list = createAbsentList(
      pack({ ...b, missedSweeps: 0, lastSeenAt: at(5) }, { ...a, missedSweeps: 1 }, { ...one, missedSweeps: 2 }),
    );

    expect([list.find(a), list.find(b), list.find(one), list.find(two)]).toStrictEqual([
      { missedSweeps: 1 },
      { missedSweeps: 0, lastSeenAt: at(5) },
      { missedSweeps: 2 },
      undefined,
    ]);
  });

  it('remembers who was excluded, whatever else is known of him', () => {
    const excluded = [
      { missedSweeps: 32_767, wasExcluded: true },
      { missedSweeps: 1, lastSeenAt: instant(253_402_300_799_999), wasExcluded: true },
    ] as const;
    const list = createAbsentList(
      pack({ ...a, ...excluded[0] }, { ...b, ...excluded[1] }, { ...one, ...excluded[0] }, { ...two, missedSweeps: 1 }),
    );

    expect([a, b, one, two].map((user) => list.find(user))).toStrictEqual([
      ...excluded,
      excluded[0],
      { missedSweeps: 1 },
    ]);
  });

  it('names everybody, those who share a key hash last', () => {
    const users: readonly AbsentUser[] = [
      { ...two, missedSweeps: 4, lastSeenAt: at(1) },
      { ...b, missedSweeps: 3, lastSeenAt: at(5) },
      { ...a, missedSweeps: 1 },
    ];

    const list = createAbsentList(pack(...users));

    expect([list.count, [...list.users()]]).toStrictEqual([3, [users[2], users[1], users[0]]]);
  });

  it('takes 16 bytes for each of those who share no key hash', () => {
    expect(packed.length - pack({ ...a, missedSweeps: 1 }).length).toBe(16);
  });

  it('keeps the last absence added for a user', () => {
    const added = [a, one].flatMap((user) => [
      { ...user, missedSweeps: 1, lastSeenAt: at(1) },
      { ...user, missedSweeps: 2 },
    ]);

    const list = createAbsentList(pack(...added));

    expect([list.count, list.find(a), list.find(one)]).toStrictEqual([2, { missedSweeps: 2 }, { missedSweeps: 2 }]);
  });

  it('counts up to 32,767 missed sweeps and no further', () => {
    const list = createAbsentList(
      pack({ ...a, missedSweeps: 32_767 }, { ...b, missedSweeps: 32_768 }, { ...one, missedSweeps: 1_000_000 }),
    );

    expect([a, b, one].map((user) => list.find(user)?.missedSweeps)).toStrictEqual([32_767, 32_767, 32_767]);
  });

  it('keeps the last millisecond that an instant can name', () => {
    const lastSeenAt = instant(253_402_300_799_999);

    expect(createAbsentList(pack({ ...a, missedSweeps: 1, lastSeenAt })).find(a)?.lastSeenAt).toBe(lastSeenAt);
  });

  it.each([
    ['no bytes', new Uint8Array(), 'the absent list is of layout version none, expected 1'],
    ['another version', changed(0, 2), 'the absent list is of layout version 2, expected 1'],
    ['a missing end', packed.subarray(0, -1), 'the absent list ends after 42 bytes, inside its section 2'],
    ['a missing section', packed.subarray(0, 37), 'the absent list ends after 37 bytes, inside its section 2'],
    ['a missing length', packed.subarray(0, 3), 'the absent list ends after 3 bytes, inside its section 1'],
    ['more than its sections', Buffer.concat([packed, packed]), 'the absent list has 86 bytes, expected 43'],
    ['a length beyond the end', changed(4, 200), 'the absent list ends after 43 bytes, inside its section 1'],
    ['half a pair', Buffer.from([1, 0, 0, 0, 1, 9, 0, 0, 0, 2, 91, 93]), 'a pair table of 1 bytes holds no whole'],
    ['a trailer that is no JSON', withTrailer('[}'), 'the absent list has a trailer that is no JSON'],
    ['a trailer of something else', withTrailer('{}'), 'the absent list has a trailer that names no users'],
    ['a trailer of nothing', withTrailer('[null]'), 'the absent list has a trailer that names no users'],
    ['a sharer without an id', withTrailer('[{"keyHash":"a","missedSweeps":1}]'), 'a trailer that names no users'],
    ['a sharer whose key hash is no text', withTrailer('[{"keyHash":1,"userId":"1","missedSweeps":1}]'), 'no users'],
    [
      'a sharer whose last sight is no text',
      withTrailer('[{"keyHash":"a","userId":"1","missedSweeps":1,"lastSeenAt":5}]'),
      'a trailer that names no users',
    ],
    [
      'a sharer who was excluded in part',
      withTrailer('[{"keyHash":"a","userId":"1","missedSweeps":1,"wasExcluded":"yes"}]'),
      'a trailer that names no users',
    ],
    ['a sharer without a count', withTrailer('[{"keyHash":"a","userId":"1"}]'), 'a trailer that names no users'],
  ])('refuses %s', (_, bytes, message) => {
    const read = () => createAbsentList(bytes);

    expect(read).toThrow(TypeError);
    expect(read).toThrow(message);
  });
});

describe('a trailer that is no JSON', () => {
  it('is refused with what JSON says of it', () => {
    const read = () => createAbsentList(withTrailer('[}'));

    expect(read).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });
});

describe(createAbsentListBuilder, () => {
  it('counts those added', () => {
    const builder = createAbsentListBuilder();

    for (const user of [a, one, two]) builder.add({ ...user, missedSweeps: 1 });

    expect(builder.count).toBe(3);
  });
});

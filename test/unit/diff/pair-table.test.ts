import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/diff/digest.ts';
import { createPairTable, createPairTableBuilder } from '../../../src/diff/pair-table.ts';
import { aDigester } from '../../support/builders.ts';

const low = '0000000000000001';
const high = 'ff00000000000000';
const [one, two, three] = ['11', '22', '33'].map((pair) => pair.repeat(8)) as [string, string, string];

function build(...pairs: readonly (readonly [string, string])[]): string {
  const builder = createPairTableBuilder();
  for (const [keyHash, value] of pairs) builder.add(fromHex(keyHash), fromHex(value));
  return toHex(builder.build());
}

describe(createPairTableBuilder, () => {
  it('gives nothing for nothing', () => {
    expect(build()).toBe('');
  });

  it('sorts by key hash', () => {
    expect(build([high, one], [low, two])).toBe(low + two + high + one);
  });

  it('keeps the last value of a key hash, wherever the others were added', () => {
    expect(build([high, one], [low, one], [high, two], [low, three], [high, three])).toBe(low + three + high + three);
  });

  it.each([100, 20_000])('keeps the last value of a key hash among %i others, though it is the smallest', (others) => {
    const builder = createPairTableBuilder();
    for (const value of [three, two, one]) builder.add(fromHex(low), fromHex(value));
    for (let number = 0; number < others; number += 1)
      builder.add(aDigester.keyHash(`${number}`), aDigester.digest(`${number}`));

    const table = createPairTable(builder.build());

    expect([table.count, toHex(table.valueAt(table.find(fromHex(low))))]).toStrictEqual([others + 1, one]);
  });

  it('counts every value added and goes on after it was built', () => {
    const builder = createPairTableBuilder();
    builder.add(fromHex(high), fromHex(one));
    builder.add(fromHex(high), fromHex(two));

    expect([builder.count, toHex(builder.build())]).toStrictEqual([2, high + two]);

    builder.add(fromHex(low), fromHex(one));
    expect([builder.count, toHex(builder.build())]).toStrictEqual([3, low + one + high + two]);
  });

  it('keeps nothing of the bytes it was given', () => {
    const builder = createPairTableBuilder();
    const [keyHash, value] = [fromHex(low), fromHex(one)];
    builder.add(keyHash, value);

    keyHash.fill(0);
    value.fill(0);

    expect(toHex(builder.build())).toBe(low + one);
  });

  it('sorts 20,000 pairs', () => {
    const builder = createPairTableBuilder();
    for (let number = 0; number < 20_000; number += 1)
      builder.add(aDigester.keyHash(`${number}`), aDigester.digest(`${number}`));

    const table = createPairTable(builder.build());

    const keys = Array.from({ length: table.count }, (_, slot) => table.keyHashAt(slot));
    expect(keys).toStrictEqual([...new Set(keys)].sort());
    expect(keys).toHaveLength(20_000);
    expect(toHex(table.valueAt(table.find(aDigester.keyHash('12345'))))).toBe(toHex(aDigester.digest('12345')));
  });
});

describe(createPairTable, () => {
  it('finds each key hash with its value, also in a part of a larger buffer', () => {
    const bytes = fromHex(`00${low}${one}${high}${two}00`).subarray(1, 33);
    const table = createPairTable(bytes);

    expect([table.count, table.find(fromHex(low)), table.find(fromHex(high)), table.find(fromHex(one))]).toStrictEqual([
      2, 0, 1, -1,
    ]);
    expect([toHex(table.valueAt(0)), toHex(table.valueAt(1))]).toStrictEqual([one, two]);
    expect([table.keyHashAt(0), table.keyHashAt(1)]).toStrictEqual([low, high]);
    expect(table.bytes).toBe(bytes);
  });

  it('refuses half a pair', () => {
    expect(() => createPairTable(new Uint8Array(24))).toThrow(
      new TypeError('a pair table of 24 bytes holds no whole number of pairs'),
    );
  });
});

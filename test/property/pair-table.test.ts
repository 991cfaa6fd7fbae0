import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/diff/digest.ts';
import { createPairTable, createPairTableBuilder } from '../../src/diff/pair-table.ts';

/** Few key hashes that differ in any one byte. */
const keyHash = fc
  .tuple(fc.nat(7), fc.constantFrom('00', '01', '7f', '80', 'ff'))
  .map(([at, byte]) => `${'00'.repeat(at)}${byte}`.padEnd(16, '0'));
const value = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(toHex);

describe(createPairTable, () => {
  it('holds what a map would hold, sorted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(keyHash, value), { maxLength: 60 }), fc.array(keyHash), (pairs, asked) => {
        const model = new Map(pairs);
        const builder = createPairTableBuilder();

        for (const [key, one] of pairs) builder.add(fromHex(key), fromHex(one));
        const table = createPairTable(builder.build());

        const slots = Array.from({ length: table.count }, (_, slot) => slot);
        expect(slots.map((slot) => [table.keyHashAt(slot), toHex(table.valueAt(slot))])).toStrictEqual(
          [...model].sort(),
        );
        for (const key of [...asked, ...model.keys()]) {
          const slot = table.find(fromHex(key));
          expect(slot === -1 ? undefined : toHex(table.valueAt(slot))).toBe(model.get(key));
        }
      }),
    );
  });
});

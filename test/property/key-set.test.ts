import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/diff/digest.ts';
import { createKeySet } from '../../src/diff/key-set.ts';

const width = fc.constantFrom(8, 16);
/** Few keys that meet, most of them zeros, and many that do not. */
const numbers = fc.oneof(fc.array(fc.nat(12), { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 200 }));
const shift = fc.constantFrom(0, 8, 12);

/** A key with a number somewhere among zeros. */
function keyOf(number: number, { keyBytes, at }: { readonly keyBytes: number; readonly at: number }): string {
  const place = Math.min(at, keyBytes - 4) * 2;
  return `${'0'.repeat(place)}${number.toString(16).padStart(8, '0')}`.padEnd(keyBytes * 2, '0');
}

function keysIn(bytes: Uint8Array, keyBytes: number): readonly string[] {
  return Array.from({ length: bytes.length / keyBytes }, (_, number) =>
    toHex(bytes.subarray(number * keyBytes, (number + 1) * keyBytes)),
  ).sort();
}

describe(createKeySet, () => {
  it('answers as a set of texts would, wherever it is saved and restored', () => {
    fc.assert(
      fc.property(width, shift, numbers, numbers, fc.nat(200), (keyBytes, at, added, asked, interruption) => {
        const keys = added.map((number) => keyOf(number, { keyBytes, at }));
        const model = new Set<string>();
        let set = createKeySet(undefined, keyBytes);

        for (const [number, key] of keys.entries()) {
          if (number === interruption) set = createKeySet(set.save(), keyBytes);
          expect(set.add(fromHex(key))).toBe(!model.has(key));
          model.add(key);
          expect(set.size).toBe(model.size);
        }

        for (const key of [...keys, ...asked.map((number) => keyOf(number, { keyBytes, at }))])
          expect(set.has(fromHex(key))).toBe(model.has(key));
        expect(keysIn(set.save(), keyBytes)).toStrictEqual([...model].sort());
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { packSections, sectionOf, unpackSections } from '../../../src/diff/byte-sections.ts';

const sections = [new Uint8Array([1, 2, 3]), new Uint8Array(), new Uint8Array(300).fill(7)];
const asked = { version: 5, count: 3, what: 'the thing' };

describe(packSections, () => {
  it('gives back the sections it was given, also out of a part of a larger buffer', () => {
    const packed = packSections(5, sections.map(sectionOf));
    const within = Buffer.concat([new Uint8Array(3), packed]).subarray(3);

    expect(unpackSections(within, asked).map((section) => [...section])).toStrictEqual(
      sections.map((section) => [...section]),
    );
  });

  it('takes a version byte, and 4 bytes of length a section', () => {
    expect([...packSections(5, sections.slice(0, 2).map(sectionOf))]).toStrictEqual([
      5, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0,
    ]);
  });
});

describe(unpackSections, () => {
  const packed = packSections(5, sections.map(sectionOf));

  it('refuses every beginning of packed bytes, and anything behind them', () => {
    for (let length = 0; length < packed.length; length += 1)
      expect(() => unpackSections(packed.subarray(0, length), asked)).toThrow(TypeError);
    expect(() => unpackSections(Buffer.concat([packed, new Uint8Array(1)]), asked)).toThrow(
      'the thing has 317 bytes, expected 316',
    );
  });

  it('refuses another version', () => {
    expect(() => unpackSections(packed, { ...asked, version: 6 })).toThrow('is of layout version 5, expected 6');
  });
});

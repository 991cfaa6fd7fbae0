import { describe, expect, it } from 'vitest';
import { createDigester, digestBytes, fromHex, sharedKeyDigest, toHex } from '../../../src/diff/digest.ts';

describe(createDigester, () => {
  const digester = createDigester('one key');

  it('gives the first eight bytes of the keyed SHA-256 of an id', () => {
    // printf 'one key\nid\n42' | sha256sum
    expect(toHex(digester.keyHash('42'))).toBe('69d84c4ab8c7fde4');
  });

  it('gives the first eight bytes of the keyed SHA-256 of a projection', () => {
    // printf 'one key\nprojection\ntitle="x"\n' | sha256sum
    expect(toHex(digester.digest('title="x"\n'))).toBe('41a022bf1decad87');
  });

  it('gives the first sixteen bytes of the keyed SHA-256 of a mark', () => {
    // printf 'one key\nmark\n42' | sha256sum
    expect(toHex(digester.userMark('42'))).toBe('2d8e106c339ae793527815720ca723a9');
  });

  it('gives the same for the same text every time', () => {
    expect(createDigester('one key').digest('text')).toStrictEqual(digester.digest('text'));
    expect(createDigester('one key').keyHash('text')).toStrictEqual(digester.keyHash('text'));
  });

  it('makes the same user look different under another key', () => {
    const other = createDigester('another key');

    expect(other.keyHash('42')).not.toStrictEqual(digester.keyHash('42'));
    expect(other.digest('42')).not.toStrictEqual(digester.digest('42'));
    expect(other.userMark('42')).not.toStrictEqual(digester.userMark('42'));
  });

  it('never takes an id for a projection', () => {
    expect(digester.keyHash('42')).not.toStrictEqual(digester.digest('42'));
  });

  it.each(['', 'ä', '👩‍🚀', '\n', 'a'.repeat(100_000)])('gives eight bytes for any id (%#)', (id) => {
    expect(digester.keyHash(id)).toHaveLength(digestBytes);
  });
});

describe(toHex, () => {
  it('writes only the bytes of a view, not of the buffer under it', () => {
    const buffer = Uint8Array.from([1, 2, 0xab, 0xcd, 5]);

    expect(toHex(buffer.subarray(2, 4))).toBe('abcd');
  });

  it('is undone by fromHex', () => {
    const bytes = Uint8Array.from([0, 1, 127, 128, 255]);

    expect([...fromHex(toHex(bytes))]).toStrictEqual([...bytes]);
  });
});

describe('sharedKeyDigest', () => {
  it('is a digest of zeros, as long as any other', () => {
    expect([...fromHex(sharedKeyDigest)]).toStrictEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalSet } from '../../../src/diff/canonical-json.ts';

describe(canonicalJson, () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty text', ''],
    ['an empty array', []],
    ['an empty object', {}],
    ['an array of absent values', [null, '', [], {}, undefined]],
    ['an object of absent values', { a: null, b: '', c: [], d: {}, e: undefined, f: { g: [{}] } }],
    ['a number that JSON cannot tell', Number.NaN],
    ['a number beyond JSON', Number.POSITIVE_INFINITY],
  ])('takes %s for absent', (_, value) => {
    expect(canonicalJson(value)).toBeUndefined();
  });

  it.each([
    [false, 'false'],
    [true, 'true'],
    [0, '0'],
    [-0, '0'],
    [1e21, '1e+21'],
    [' ', '" "'],
    ['null', '"null"'],
    ['line\nbreak', '"line\\nbreak"'],
    ['\ud800', '"\\ud800"'],
    [[1, [2, 3]], '[1,[2,3]]'],
  ])('keeps %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('leaves absent members out of objects and arrays', () => {
    const value = { b: [null, 1, ''], a: { x: null, y: 'z' }, c: undefined };

    expect(canonicalJson(value)).toBe('{"a":{"y":"z"},"b":[1]}');
  });

  it('sorts keys at every depth', () => {
    const one = { b: { d: 1, c: 2 }, a: [{ f: 1, e: 2 }] };
    const other = { a: [{ e: 2, f: 1 }], b: { c: 2, d: 1 } };

    expect(canonicalJson(one)).toBe('{"a":[{"e":2,"f":1}],"b":{"c":2,"d":1}}');
    expect(canonicalJson(other)).toBe(canonicalJson(one));
  });

  it('keeps keys apart that differ only in case, in one order', () => {
    const text = '{"ID":1,"Id":2,"iD":3,"id":4}';

    expect(canonicalJson({ id: 4, iD: 3, Id: 2, ID: 1 })).toBe(text);
    expect(canonicalJson({ Id: 2, ID: 1, id: 4, iD: 3 })).toBe(text);
  });

  it('sorts keys by code unit and not as numbers or words of a language', () => {
    expect(canonicalJson({ 10: 'a', 9: 'b', ä: 'c', z: 'd', Z: 'e' })).toBe(
      '{"10":"a","9":"b","Z":"e","z":"d","ä":"c"}',
    );
  });

  it.each([8, 9, 40])('sorts %i keys, whatever order they come in', (count) => {
    const keys = Array.from({ length: count }, (_, at) => String.fromCharCode(0x61 + ((at * 7) % count)));
    const sorted = keys.toSorted().map((key) => `${JSON.stringify(key)}:1`);

    expect(canonicalJson(Object.fromEntries(keys.map((key) => [key, 1])))).toBe(`{${sorted.join(',')}}`);
  });

  it('takes a key named __proto__ for a key like any other', () => {
    const value: unknown = JSON.parse('{"b":1,"__proto__":{"admin":true}}');

    expect(canonicalJson(value)).toBe('{"__proto__":{"admin":true},"b":1}');
  });

  it('reads nothing that an object only inherits', () => {
    const value = Object.assign(Object.create({ inherited: 1 }), { own: 2 });

    expect(canonicalJson(value)).toBe('{"own":2}');
  });

  it('keeps the order of arrays', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  it('tells a text from the number, the truth value and the list it spells', () => {
    const texts = [1, '1', true, 'true', [1], '[1]', { a: 1 }, '{"a":1}'].map(canonicalJson);

    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe(canonicalSet, () => {
  it('ignores the order of members and the order of their keys', () => {
    const one = canonicalSet([{ value: 'b', type: 'work' }, { value: 'a' }]);
    const other = canonicalSet([{ value: 'a' }, { type: 'work', value: 'b' }]);

    expect(one).toBe('[{"type":"work","value":"b"},{"value":"a"}]');
    expect(other).toBe(one);
  });

  it('counts a member once however often it stands there', () => {
    expect(canonicalSet(['a', 'b', 'a', 'a'])).toBe('["a","b"]');
  });

  it('takes members as the same that differ only in how they spell absence', () => {
    expect(canonicalSet([{ value: 'a', type: null }, { value: 'a', type: '' }, { value: 'a' }])).toBe(
      '[{"value":"a"}]',
    );
  });

  it.each([[[]], [[null, '', undefined]], [[{}, []]]])('takes %j for absent', (members) => {
    expect(canonicalSet(members)).toBeUndefined();
  });

  it('sorts by code unit, so that 10 comes before 9 in every locale', () => {
    expect(canonicalSet([9, 10, 'b', 'B', 'ä'])).toBe('["B","b","ä",10,9]');
  });
});

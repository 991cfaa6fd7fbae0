import { describe, expect, it } from 'vitest';
import { readPattern } from '../../../../local/event-bus/match-pattern.ts';

const matches = (pattern: unknown, event: object) => readPattern(pattern, 'pattern')(event);
const detail = (value: object) => ({
  source: 'aws.ec2',
  'detail-type': 'a type',
  time: '2017-10-02T18:43:48Z',
  detail: value,
});

/** Source: AWS EventBridge user guide, "Comparison operators for use in event patterns" and "Arrays in event patterns". */
const documented: readonly (readonly [what: string, pattern: object, event: object, isMatch: boolean])[] = [
  ['a value that is equal', { detail: { Name: ['Alice'] } }, detail({ Name: 'Alice' }), true],
  ['a value in another case', { detail: { Name: ['alice'] } }, detail({ Name: 'Alice' }), false],
  ['null', { detail: { UserID: [null] } }, detail({ UserID: null }), true],
  ['null where there is nothing', { detail: { UserID: [null] } }, detail({}), false],
  ['an empty text', { detail: { LastName: [''] } }, detail({ LastName: '' }), true],
  ['one of several', { detail: { PaymentType: ['Credit', 'Debit'] } }, detail({ PaymentType: 'Debit' }), true],
  [
    'two fields, one of them else',
    { source: ['aws.ec2'], detail: { Day: ['Monday'] } },
    detail({ Day: 'Friday' }),
    false,
  ],
  ['a list that shares a member', { resources: ['a', 'b'] }, { resources: ['b', 'c'] }, true],
  ['a list that shares none', { resources: ['a', 'b'] }, { resources: ['c'] }, false],
  ['a prefix', { time: [{ prefix: '2017-10-02' }] }, detail({}), true],
  [
    'a prefix in any case',
    { detail: { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] } },
    detail({ service: 'eventbridge' }),
    true,
  ],
  ['a suffix', { detail: { FileName: [{ suffix: '.png' }] } }, detail({ FileName: 'a.png' }), true],
  [
    'a suffix in any case',
    { detail: { FileName: [{ suffix: { 'equals-ignore-case': '.png' } }] } },
    detail({ FileName: 'a.PNG' }),
    true,
  ],
  ['another suffix', { detail: { FileName: [{ suffix: '.png' }] } }, detail({ FileName: 'a.PNG' }), false],
  ['any case', { detail: { Name: [{ 'equals-ignore-case': 'alice' }] } }, detail({ Name: 'ALICE' }), true],
  ['a wildcard', { detail: { FilePath: [{ wildcard: 'dir/*.png' }] } }, detail({ FilePath: 'dir/a/b.png' }), true],
  [
    'a wildcard elsewhere',
    { detail: { FilePath: [{ wildcard: 'dir/*.png' }] } },
    detail({ FilePath: 'x/dir/b.png' }),
    false,
  ],
  ['a star that is meant', { detail: { FilePath: [{ wildcard: 'a\\*b' }] } }, detail({ FilePath: 'axb' }), false],
  ['a number', { detail: { Price: [{ numeric: ['=', 100] }] } }, detail({ Price: 100 }), true],
  ['a range', { detail: { Price: [{ numeric: ['>', 10, '<=', 20] }] } }, detail({ Price: 20 }), true],
  ['the end of a range', { detail: { Price: [{ numeric: ['>', 10, '<=', 20] }] } }, detail({ Price: 10 }), false],
  ['a number in a text', { detail: { Price: [{ numeric: ['=', 100] }] } }, detail({ Price: '100' }), false],
  [
    'anything but a text',
    { detail: { state: [{ 'anything-but': 'initializing' }] } },
    detail({ state: 'running' }),
    true,
  ],
  [
    'just that text',
    { detail: { state: [{ 'anything-but': 'initializing' }] } },
    detail({ state: 'initializing' }),
    false,
  ],
  ['anything but, of nothing', { detail: { state: [{ 'anything-but': 'initializing' }] } }, detail({}), false],
  ['anything but a list', { detail: { limit: [{ 'anything-but': [100, 200] }] } }, detail({ limit: 200 }), false],
  [
    'anything but a prefix',
    { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } },
    detail({ state: 'initializing' }),
    false,
  ],
  ['anything but a suffix', { detail: { f: [{ 'anything-but': { suffix: '.png' } }] } }, detail({ f: 'a.jpg' }), true],
  [
    'anything but any case',
    { detail: { f: [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }] } },
    detail({ f: 'B' }),
    false,
  ],
  [
    'anything but a wildcard',
    { detail: { f: [{ 'anything-but': { wildcard: '*/lib/*' } }] } },
    detail({ f: 'a/lib/b' }),
    false,
  ],
  ['something that exists', { detail: { ProductName: [{ exists: true }] } }, detail({ ProductName: null }), true],
  ['something that does not', { detail: { ProductName: [{ exists: true }] } }, detail({}), false],
  ['nothing', { detail: { 'c-count': [{ exists: false }] } }, detail({}), true],
  [
    'nothing but an object, which is no leaf',
    { detail: { 'c-count': [{ exists: false }] } },
    detail({ 'c-count': { c1: 100 } }),
    true,
  ],
  [
    'one of two fields',
    { detail: { $or: [{ Location: ['New York'] }, { Day: ['Monday'] }] } },
    detail({ Day: 'Monday' }),
    true,
  ],
  [
    'neither of two fields',
    { detail: { $or: [{ Location: ['New York'] }, { Day: ['Monday'] }] } },
    detail({ Day: 'Friday' }),
    false,
  ],
  [
    'one object of a list',
    { detail: { emails: { type: ['work'], primary: [true] } } },
    detail({ emails: [{ type: 'work', primary: true }] }),
    true,
  ],
  [
    'two objects of a list together',
    { detail: { emails: { type: ['work'], primary: [true] } } },
    detail({
      emails: [
        { type: 'work', primary: false },
        { type: 'home', primary: true },
      ],
    }),
    false,
  ],
  ['a field of every object', { detail: { constructor: [{ exists: true }] } }, detail({}), false],
];

describe('readPattern', () => {
  it.each(documented)('tells %s', (_, pattern, event, isMatch) => {
    expect(matches(pattern, event)).toBe(isMatch);
  });

  it.each([
    [{}, /at least one field/],
    [{ detail: 'x' }, /pattern\.detail: expected an object/],
    [{ source: [] }, /at least one value/],
    [{ detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, /pattern\.detail\.ip: there is no comparison cidr/],
    [{ detail: { n: [{ numeric: ['>', '1'] }] } }, /numeric takes/],
    [{ detail: { n: [{ prefix: 1 }] } }, /prefix takes a text/],
    [{ detail: { n: [{ 'anything-but': [] }] } }, /anything-but takes/],
    [{ detail: { n: [{ prefix: 'a', suffix: 'b' }] } }, /one comparison/],
    [{ detail: { $or: [{ a: ['b'] }] } }, /two patterns or more/],
    [{ detail: { n: [{ wildcard: 'a**b' }] } }, /side by side/],
  ])('refuses %j', (pattern, fault) => {
    expect(() => readPattern(pattern, 'pattern')).toThrow(fault);
  });
});

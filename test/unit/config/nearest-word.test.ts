import { describe, expect, it } from 'vitest';
import { nearestWord } from '../../../src/config/nearest-word.ts';

describe('nearestWord', () => {
  it.each([
    ['apikey', 'apiKey'],
    ['APIKEY', 'apiKey'],
    ['apKey', 'apiKey'],
    ['tokne', 'token'],
    ['tokens', 'token'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearestWord(word, ['token', 'apiKey', 'username'])).toBe(meant);
  });

  it.each(['', 'x', 'password', 'key', 'to', `token${'x'.repeat(1000)}`])('takes %j for nothing it knows', (word) => {
    expect(nearestWord(word, ['token', 'apiKey', 'username'])).toBeUndefined();
  });

  it('prefers the candidate with the fewest edits', () => {
    expect(nearestWord('events', ['event', 'evens', 'eventx', 'every', 'events'])).toBe('events');
  });

  it('allows long words no more than two edits', () => {
    expect(nearestWord('sweepComplxxed', ['sweepCompleted'])).toBe('sweepCompleted');
    expect(nearestWord('sweepCompxxxed', ['sweepCompleted'])).toBeUndefined();
  });

  it('prefers the first of candidates that are equally near', () => {
    expect(nearestWord('tokes', ['token', 'toker'])).toBe('token');
  });

  it('takes one letter for another only in another case', () => {
    expect(nearestWord('A', ['b', 'a'])).toBe('a');
    expect(nearestWord('c', ['b', 'a'])).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/config/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['30s', 30],
    ['15m', 900],
    ['12h', 43_200],
    ['7d', 604_800],
    ['0s', 0],
  ])('reads %s as %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    '',
    '15',
    'm',
    '1.5h',
    '-1m',
    '+1m',
    '015m',
    '15M',
    '15 m',
    ' 15m',
    '15m ',
    '15m\n',
    '1h30m',
    '15min',
    '1e3s',
    '123456789s',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [1, '1s'],
    [90, '90s'],
    [900, '15m'],
    [3600, '1h'],
    [5400, '90m'],
    [86_400, '1d'],
    [604_800, '7d'],
    [0, '0s'],
  ])('writes %i seconds as %s and reads it back', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
    expect(parseDuration(text)).toBe(seconds);
  });
});

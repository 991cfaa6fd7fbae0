import { describe, expect, it } from 'vitest';
import { errorOf, parseEntry } from './parse-connections.ts';

const faultsOf = (maintenance: unknown) =>
  errorOf(() => parseEntry({ maintenance })).context.faults.map(({ path, message }) => `${path}: ${message}`);

describe('maintenance and paused', () => {
  it('are left out of a connection that has neither', () => {
    const connection = parseEntry({ paused: false });

    expect(['paused' in connection, 'maintenance' in connection]).toStrictEqual([false, false]);
  });

  it('arrive as they were written', () => {
    const maintenance = [
      { days: ['sat', 'sun'], from: '22:00', to: '05:00', timezone: 'Europe/Berlin' },
      { from: '02:00', to: '03:30' },
    ];

    expect(parseEntry({ paused: true, maintenance })).toMatchObject({ paused: true, maintenance });
  });

  it.each<[unknown, RegExp]>([
    [[{ from: '2:00', to: '05:00' }], /maintenance\[0\]\.from: expected a time of day like 02:00, found "2:00"/],
    [[{ from: '02:00', to: '24:00' }], /maintenance\[0\]\.to: expected a time of day like 02:00, found "24:00"/],
    [
      [{ from: '02:00', to: '05:00', timezone: 'Berlin' }],
      /timezone: expected a time zone like Europe\/Berlin, found "Berlin"/,
    ],
    [[{ from: '02:00', to: '05:00', days: ['caturday'] }], /days\[0\]: expected .*"sat"/],
    [[{ from: '02:00', to: '02:00' }], /expected two times that differ, found "02:00" twice/],
    [[{ from: '02:00' }], /to: is missing; expected a time of day/],
    [[], /maintenance: expected at least 1/],
  ])('are refused with what is wrong: %j', (maintenance, message) => {
    expect(faultsOf(maintenance).join('\n')).toMatch(message);
  });
});

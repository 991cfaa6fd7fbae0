import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../../../src/model/connection.ts';
import { maintenanceEndMs } from '../../../../src/sweep/maintenance-window.ts';

/** The end of the window at a moment; 2026-11-23 is a Monday. */
function endAt(moment: string, ...windows: MaintenanceWindow[]): string | undefined {
  const endMs = maintenanceEndMs(windows, Date.parse(moment));
  return endMs === undefined ? undefined : new Date(endMs).toISOString();
}

const night: MaintenanceWindow = { from: '22:00', to: '05:00' };

describe('maintenanceEndMs', () => {
  it.each([
    ['2026-11-23T01:59:59Z', undefined],
    ['2026-11-23T02:00:00Z', '2026-11-23T05:00:00.000Z'],
    ['2026-11-23T04:59:59Z', '2026-11-23T05:00:00.000Z'],
    ['2026-11-23T05:00:00Z', undefined],
  ])('holds from its beginning up to its end: %s', (moment, end) => {
    expect(endAt(moment, { from: '02:00', to: '05:00' })).toBe(end);
  });

  it.each([
    ['2026-11-23T21:59:00Z', undefined],
    ['2026-11-23T22:00:00Z', '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T00:00:00Z', '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T05:00:00Z', undefined],
  ])('goes on past midnight: %s', (moment, end) => {
    expect(endAt(moment, night)).toBe(end);
  });

  it.each([
    ['2026-11-22T22:30:00Z', undefined],
    ['2026-11-23T04:00:00Z', undefined],
    ['2026-11-23T22:30:00Z', '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T04:00:00Z', '2026-11-24T05:00:00.000Z'],
    ['2026-11-24T22:30:00Z', undefined],
  ])('counts the day on which it begins: %s', (moment, end) => {
    expect(endAt(moment, { ...night, days: ['mon'] })).toBe(end);
  });

  it('goes by the clock of its zone, in summer and in winter', () => {
    const berlin: MaintenanceWindow = { from: '02:00', to: '05:00', timezone: 'Europe/Berlin' };

    expect(endAt('2026-11-23T01:00:00Z', berlin)).toBe('2026-11-23T04:00:00.000Z');
    expect(endAt('2026-07-23T00:00:00Z', berlin)).toBe('2026-07-23T03:00:00.000Z');
    expect(endAt('2026-07-23T03:00:00Z', berlin)).toBeUndefined();
  });

  it.each([
    ['2026-11-23T05:59:00Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T06:00:00Z', '2026-11-24T06:00:00.000Z'],
  ])('lasts for a whole day where it ends as it begins: %s', (moment, end) => {
    expect(endAt(moment, { from: '06:00', to: '06:00' })).toBe(end);
  });

  it('ends with the last of several', () => {
    expect(endAt('2026-11-23T04:00:00Z', night, { from: '03:00', to: '06:30' })).toBe('2026-11-23T06:30:00.000Z');
  });

  it('is none without windows', () => {
    expect(maintenanceEndMs(undefined, 0)).toBeUndefined();
  });
});

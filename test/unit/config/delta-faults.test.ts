import { describe, expect, it } from 'vitest';
import { parseConnectionFile } from '../../../src/config/connection-file.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import { entryFaults, faultsOf, parseEntry } from './parse-connections.ts';

const service = { vendor: 'service', baseUrl: undefined, options: { accountId: '7' } };
const inBetween = 'it is for the time between two sweeps of everybody';

describe('deltaEvery', () => {
  it('is left out where no deltas are wanted', () => {
    expect(parseEntry(service)).not.toHaveProperty('deltaEverySeconds');
  });

  it.each([
    [{ deltaEvery: '14m' }, 840],
    [{ deltaEvery: '30s', every: '1m' }, 30],
    [{ deltaEvery: '6d', every: '7d' }, 518_400],
  ])('is read from %j', (changes, seconds) => {
    expect(parseEntry({ ...service, ...changes }).deltaEverySeconds).toBe(seconds);
  });

  it.each([
    [{ deltaEvery: '15m' }, `expected less than 15m, which every is where it is left out, found "15m": ${inBetween}`],
    [{ deltaEvery: '60s', every: '1m' }, `expected less than every (1m), found "60s": ${inBetween}`],
    [{ deltaEvery: '2h', every: '1h' }, `expected less than every (1h), found "2h": ${inBetween}`],
    [{ deltaEvery: 300 }, 'expected a duration like 30s, 15m, 12h or 7d, found 300: a duration has a unit, e.g. "5m"'],
    [{ deltaEvery: '0s' }, 'expected 1s to 7d in the embedded runtime, found "0s"'],
  ])('refuses %j', (changes, fault) => {
    expect(entryFaults({ ...service, ...changes })).toStrictEqual([`deltaEvery: ${fault}`]);
  });

  it('is no shorter than a minute in a stack', () => {
    const credentials = { apiKey: { ssm: '/acme/key' } };

    expect(entryFaults({ ...service, credentials, deltaEvery: '59s' }, 'deployed')).toStrictEqual([
      'deltaEvery: expected 1m to 7d in the deployed runtime, found "59s"',
    ]);
  });

  it('needs a vendor with a filter, and says what else is wrong with it at once', () => {
    expect(entryFaults({ deltaEvery: '20m' })).toStrictEqual([
      'deltaEvery: hosted cannot be asked for changed users only: remove it, every sweep lists everybody',
      `deltaEvery: expected less than 15m, which every is where it is left out, found "20m": ${inBetween}`,
    ]);
  });

  it('cannot stand beside an option that asks by the time of an update itself', () => {
    const options = { accountId: '7', changedAfter: '2026-01-01' };

    expect(entryFaults({ ...service, options, deltaEvery: '5m' })).toStrictEqual([
      'deltaEvery: options.changedAfter already asks for users by the time of their update: remove one or the other',
    ]);
    expect(parseEntry({ ...service, options }).options).toMatchObject(options);
  });

  it('is judged where other options have faults, too', () => {
    const options = { accountId: '7', changedAfter: '2026-01-01', region: 'mars' };

    expect(entryFaults({ ...service, options, deltaEvery: '5m' }).map((fault) => fault.split(':')[0])).toStrictEqual([
      'options.region',
      'deltaEvery',
    ]);
  });
});

describe('deltaEvery at the vendors', () => {
  const read = (vendor: string, options: object = {}) => {
    const connections = [
      {
        id: 'acme',
        vendor,
        baseUrl: 'https://acme.example',
        credentials: vendor === 'yuuvis' || vendor === 'delay' ? { token: { env: 'T' } } : undefined,
        deltaEvery: '5m',
        options,
      },
    ];
    const text = JSON.stringify({ connections });
    return parseConnectionFile(text, { vendors, runtime: 'embedded', fileName: 'feed.json' });
  };
  const faults = (vendor: string, options: object = {}) =>
    faultsOf(() => read(vendor, options)).flatMap(({ path, message }) =>
      path.endsWith('deltaEvery') ? [message] : [],
    );

  it.each(['openproject', 'yuuvis'])('is refused for %s, which has no filter', (vendor) => {
    expect(faults(vendor)[0]).toMatch(`${vendor} cannot be asked for changed users only`);
  });

  it.each([
    ['truto', { updatedAt: { gt: '2026-01-01T00:00:00Z' } }, 'options.updatedAt already asks'],
    ['delay', { updatedAtFrom: '2026-01-01T00:00:00Z' }, 'options.updatedAtFrom already asks'],
    [
      'delay',
      { updatedAtFrom: '2026-01-01T00:00:00Z', updatedAtTo: '2026-02-01T00:00:00Z' },
      'options.updatedAtFrom and options.updatedAtTo already ask for',
    ],
  ])('is refused for %s with %j', (vendor, options, message) => {
    expect(faults(vendor, options)[0]).toContain(message);
  });

  it('is accepted for a vendor that has one', () => {
    expect(read('delay').connections[0]?.deltaEverySeconds).toBe(300);
  });
});

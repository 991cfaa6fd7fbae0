import { describe, expect, it } from 'vitest';
import { entryFaults, parseEntry } from './parse-connections.ts';

describe('connectionFields', () => {
  it.each(['a', '7', 'acme-openproject', 'a-', 'a'.repeat(63)])('accepts the id %s', (id) => {
    expect(parseEntry({ id }).id).toBe(id);
  });

  it.each([
    ['', 'found ""'],
    ['-acme', 'found "-acme": write "acme"'],
    ['Acme OpenProject', 'found "Acme OpenProject": write "acme-openproject"'],
    ['acme_1', 'found "acme_1": write "acme-1"'],
    ['a'.repeat(64), `found "${'a'.repeat(60)}…": write "${'a'.repeat(63)}"`],
    ['acme\n', 'found "acme\\n": write "acme"'],
    [7, 'found 7'],
    [null, 'found null'],
  ])('refuses the id %j', (id, found) => {
    expect(entryFaults({ id })).toStrictEqual([
      `id: expected 1 to 63 lower-case letters, digits and hyphens, no hyphen first, ${found}`,
    ]);
  });

  it('asks for an id', () => {
    expect(entryFaults({ id: undefined })).toStrictEqual([
      'id: is missing; expected 1 to 63 lower-case letters, digits and hyphens, no hyphen first',
    ]);
  });

  it('lists the vendors where one is unknown or missing', () => {
    expect(entryFaults({ vendor: 'hostd' })).toStrictEqual([
      'vendor: expected "hosted" or "service", found "hostd": did you mean "hosted"?',
    ]);
    expect(entryFaults({ vendor: 'constructor' })).toStrictEqual([
      'vendor: expected "hosted" or "service", found "constructor"',
    ]);
    expect(entryFaults({ vendor: undefined })).toStrictEqual(['vendor: is missing; expected "hosted" or "service"']);
  });

  it('takes the id for the tenant where none is named', () => {
    expect(parseEntry().tenantId).toBe('acme');
    expect(parseEntry({ tenantId: 'a'.repeat(64) }).tenantId).toBe('a'.repeat(64));
  });

  it.each(['Acme', 'a'.repeat(65), '', '-a'])('refuses the tenant %j', (tenantId) => {
    expect(entryFaults({ tenantId })[0]).toMatch(/^tenantId: expected 1 to 64 lower-case/);
  });

  it('keeps the directory id, and leaves it out where there is none', () => {
    expect(parseEntry({ directoryId: 'op:1/main' }).directoryId).toBe('op:1/main');
    expect('directoryId' in parseEntry()).toBe(false);
  });

  it.each(['', 'two words', 'a\nb', 'x'.repeat(129), 7])('refuses the directory id %j', (directoryId) => {
    expect(entryFaults({ directoryId })[0]).toMatch(
      /^directoryId: expected 1 to 128 printable ASCII characters without spaces, found/,
    );
  });

  it.each([
    ['1s', 'embedded', 1],
    ['1m', 'deployed', 60],
    ['60s', 'deployed', 60],
    ['7d', 'deployed', 604_800],
    ['168h', 'embedded', 604_800],
  ] as const)('sweeps every %s in the %s runtime', (every, runtime, seconds) => {
    const credentials = { apiKey: runtime === 'deployed' ? { ssm: '/acme/key' } : { env: 'KEY' } };

    expect(parseEntry({ every, credentials }, runtime).everySeconds).toBe(seconds);
  });

  it.each([
    ['0s', 'embedded', '1s'],
    ['59s', 'deployed', '1m'],
    ['8d', 'embedded', '1s'],
    ['169h', 'deployed', '1m'],
  ] as const)('refuses to sweep every %s in the %s runtime', (every, runtime, min) => {
    const credentials = { apiKey: runtime === 'deployed' ? { ssm: '/acme/key' } : { env: 'KEY' } };

    expect(entryFaults({ every, credentials }, runtime)).toStrictEqual([
      `every: expected ${min} to 7d in the ${runtime} runtime, found "${every}"`,
    ]);
  });

  it.each([
    ['15', 'found "15"'],
    ['often', 'found "often"'],
    [900, 'found 900: a duration has a unit, e.g. "15m"'],
    [null, 'found null'],
  ])('refuses %j as a duration', (every, found) => {
    expect(entryFaults({ every })).toStrictEqual([`every: expected a duration like 30s, 15m, 12h or 7d, ${found}`]);
  });

  it('publishes the baseline when asked to', () => {
    expect(parseEntry({ baseline: 'emit' }).baseline).toBe('emit');
    expect(entryFaults({ baseline: 'loud' })).toStrictEqual(['baseline: expected "silent" or "emit", found "loud"']);
    expect(entryFaults({ baseline: 'silnet' })).toStrictEqual([
      'baseline: expected "silent" or "emit", found "silnet": did you mean "silent"?',
    ]);
  });

  it.each([2, 10])('confirms a deletion by %i sweeps', (confirmSweeps) => {
    const { deletion } = parseEntry({ deletion: { confirmSweeps } });

    expect(deletion).toStrictEqual({ confirmSweeps, probe: true, maxProbes: 20 });
  });

  it.each([
    [1, 'found 1: one absence is never proof of a deletion'],
    [0, 'found 0'],
    [11, 'found 11'],
    [2.5, 'found 2.5'],
    ['2', 'found "2"'],
  ])('refuses to confirm a deletion by %j sweeps', (confirmSweeps, found) => {
    expect(entryFaults({ deletion: { confirmSweeps } })).toStrictEqual([
      `deletion.confirmSweeps: expected a whole number from 2 to 10, ${found}`,
    ]);
  });

  it.each([0, 1000])('asks about absent users, about %i in a sweep or about none', (maxProbes) => {
    const { deletion } = parseEntry({ deletion: { probe: false, maxProbes } });

    expect(deletion).toStrictEqual({ confirmSweeps: 2, probe: false, maxProbes });
  });

  it.each([
    [{ maxProbes: -1 }, 'maxProbes: expected at least 0, found -1'],
    [{ maxProbes: 1001 }, 'maxProbes: expected at most 1000, found 1001'],
    [{ maxProbes: 0.5 }, 'maxProbes: expected a whole number, found 0.5'],
    [{ probe: 'no' }, 'probe: expected true or false, found "no"'],
    [{ probes: true }, 'probes: unknown key, did you mean "probe"?'],
  ])('refuses %j of deletions', (deletion, fault) => {
    expect(entryFaults({ deletion })).toStrictEqual([`deletion.${fault}`]);
  });

  it('leaves values out of events when asked to', () => {
    expect(parseEntry({ payload: 'thin' }).payload).toBe('thin');
    expect(entryFaults({ payload: 'tin' })).toStrictEqual([
      'payload: expected "full" or "thin", found "tin": did you mean "thin"?',
    ]);
  });

  it('ignores fields of the projection, each once', () => {
    const { ignoredFields } = parseEntry({ fields: { ignore: ['vendorAttributes.admin', 'title', 'title'] } });

    expect(ignoredFields).toStrictEqual(['vendorAttributes.admin', 'title']);
  });

  it.each([
    ['titel', 'found "titel": did you mean "title"?'],
    ['avatar', 'found "avatar"'],
    ['vendorAttributes', 'found "vendorAttributes"'],
    ['status', 'found "status": consumers revoke access on a change of status, so it always counts'],
    ['rawStatus', 'found "rawStatus": consumers revoke access on a change of status, so it always counts'],
  ])('refuses to ignore %j', (field, found) => {
    expect(entryFaults({ fields: { ignore: ['title', field] } })).toStrictEqual([
      `fields.ignore[1]: expected a field that counts as a change at hosted (title, emails or vendorAttributes.admin), ${found}`,
    ]);
  });

  it('asks for texts in the list of ignored fields', () => {
    expect(entryFaults({ fields: { ignore: [7] } })).toStrictEqual(['fields.ignore[0]: expected a text, found 7']);
    expect(entryFaults({ fields: { ignore: 'title' } })).toStrictEqual([
      'fields.ignore: expected a list, found "title"',
    ]);
  });

  it('announces completed sweeps when asked to', () => {
    expect(parseEntry({ events: { sweepCompleted: true } }).emitSweepCompleted).toBe(true);
    expect(entryFaults({ events: { sweepCompleted: 'yes' } })).toStrictEqual([
      'events.sweepCompleted: expected true or false, found "yes"',
    ]);
  });

  it("reads the options with the vendor's own schema", () => {
    expect(parseEntry({ options: { pageSize: 10 } }).options).toStrictEqual({ pageSize: 10 });
    expect(entryFaults({ options: { pageSize: 5000, status: 'gone', pagesize: 1, a: { b: 1 } } })).toStrictEqual([
      'options.pageSize: expected at most 1000, found 5000',
      'options.status: expected "active" or "locked", found "gone"',
      'options.pagesize: unknown key, did you mean "pageSize"?',
      'options.a: unknown key: remove it (known here: pageSize, status)',
    ]);
  });

  it('asks for options the vendor cannot do without, even where there are none', () => {
    expect(entryFaults({ vendor: 'service' })).toStrictEqual(['options.accountId: is missing; expected a text']);
  });

  it.each([
    ['interval', { interval: '5m' }],
    ['brake.renamed', { brake: { renamed: {} } }],
    ['fields.encrypt', { fields: { encrypt: [] } }],
    ['events.other', { events: { other: true } }],
    ['["two words"]', { 'two words': 1 }],
  ])('refuses the unknown key %s', (path, changes) => {
    expect(entryFaults(changes).map((fault) => fault.split(' (')[0])).toStrictEqual([
      `${path}: unknown key: remove it`,
    ]);
  });

  it('suggests the key that was meant', () => {
    expect(entryFaults({ baseURL: 'https://a.example', baseLine: 'emit' })).toStrictEqual([
      'baseURL: unknown key, did you mean "baseUrl"?',
      'baseLine: unknown key, did you mean "baseline"?',
    ]);
  });

  it.each(['deletion', 'brake', 'fields', 'events', 'options'])('refuses %s that is no object', (key) => {
    expect(entryFaults({ [key]: [] })).toStrictEqual([`${key}: expected an object, found an empty list`]);
  });
});

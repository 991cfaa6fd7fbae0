import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConnectionFile } from '../../../src/config/connection-file.ts';
import { isFeedError } from '../../../src/model/feed-error.ts';
import { vendors } from './fake-vendors.ts';
import { entry, errorOf, faultsOf, parse, parseEntry } from './parse-connections.ts';

describe('parseConnectionFile', () => {
  it('fills in every default', () => {
    expect(parse({ $schema: './feed.schema.json', connections: [entry()] })).toStrictEqual([
      {
        id: 'acme',
        vendor: 'hosted',
        tenantId: 'acme',
        baseUrl: 'https://users.acme.example',
        credentials: { apiKey: { env: 'ACME_KEY' } },
        everySeconds: 900,
        baseline: 'silent',
        deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
        brake: {
          created: { maxCount: 1000, maxPercent: 100 },
          updated: { maxCount: 100, maxPercent: 50 },
          status_changed: { maxCount: 25, maxPercent: 5, neverAbove: 500 },
          deleted: { maxCount: 25, maxPercent: 5, neverAbove: 500 },
        },
        ignoredFields: [],
        protection: { redact: [], hash: [] },
        payload: 'full',
        emitSweepCompleted: false,
        options: { pageSize: 200 },
      },
    ]);
  });

  it('keeps the order of the file and every value that is set', () => {
    const second = entry({
      id: 'beta-service',
      vendor: 'service',
      tenantId: 'beta',
      baseUrl: 'http://localhost:8080/',
      directoryId: 'beta-1',
      credentials: { apiKey: { file: '/run/key' } },
      every: '12h',
      deltaEvery: '10m',
      baseline: 'emit',
      deletion: { confirmSweeps: 3, probe: false, maxProbes: 7 },
      brake: { deleted: { maxCount: 3 }, created: { neverAbove: 2000, maxPercent: 0.5 } },
      fields: { ignore: ['userName'], redact: ['phones'], hash: ['emails'] },
      payload: 'thin',
      events: { sweepCompleted: true },
      options: { accountId: '7', region: 'eu' },
    });

    const [first, read] = parse({ connections: [entry(), second] });

    expect(first?.id).toBe('acme');
    expect(read).toStrictEqual({
      id: 'beta-service',
      vendor: 'service',
      tenantId: 'beta',
      baseUrl: 'http://localhost:8080',
      directoryId: 'beta-1',
      credentials: { apiKey: { file: '/run/key' } },
      everySeconds: 43_200,
      deltaEverySeconds: 600,
      baseline: 'emit',
      deletion: { confirmSweeps: 3, probe: false, maxProbes: 7 },
      brake: {
        created: { maxCount: 1000, maxPercent: 0.5, neverAbove: 2000 },
        updated: { maxCount: 100, maxPercent: 50 },
        status_changed: { maxCount: 25, maxPercent: 5, neverAbove: 500 },
        deleted: { maxCount: 3, maxPercent: 5, neverAbove: 500 },
      },
      ignoredFields: ['userName'],
      protection: { redact: ['phones'], hash: ['emails'] },
      payload: 'thin',
      emitSweepCompleted: true,
      options: { accountId: '7', region: 'eu' },
    });
  });

  it('takes the address of a vendor that has one, by its options', () => {
    const changes = { vendor: 'service', baseUrl: undefined };

    expect(parseEntry({ ...changes, options: { accountId: '7' } }).baseUrl).toBe('https://us.service.example/v1');
    expect(parseEntry({ ...changes, options: { accountId: '7', region: 'eu' } }).baseUrl).toBe(
      'https://eu.service.example/v1',
    );
  });

  it('asks for the address of a vendor that its customers host, also where its options have faults', () => {
    const message = 'is missing; hosted is hosted by its customers: give the address of yours';

    expect(faultsOf(() => parseEntry({ baseUrl: undefined }))).toStrictEqual([
      { path: 'connections[0].baseUrl', message },
    ]);
    expect(faultsOf(() => parseEntry({ baseUrl: undefined, options: { pageSize: 0 } }))).toStrictEqual([
      { path: 'connections[0].options.pageSize', message: 'expected at least 1, found 0' },
      { path: 'connections[0].baseUrl', message },
    ]);
  });

  it('says everything that is wrong at once, each with its place', () => {
    const file = {
      conections: [],
      connections: [
        entry({ id: 'Acme', every: '15', deletion: { confirmSweeps: 1 } }),
        entry({ id: 'beta', credentials: { apiKey: 'hunter2' }, baseUrl: 'http://acme.example' }),
        'gamma',
        entry({ id: 'beta', vendor: 'service', baseUrl: undefined, options: { region: 'mars' } }),
      ],
    };

    const error = errorOf(() => parse(file));

    expect(error.context.faults.map(({ path }) => path)).toStrictEqual([
      'conections',
      'connections[0].id',
      'connections[0].every',
      'connections[0].deletion.confirmSweeps',
      'connections[1].baseUrl',
      'connections[1].credentials.apiKey',
      'connections[2]',
      'connections[3].options.accountId',
      'connections[3].options.region',
      'connections[3].id',
    ]);
    expect(error.message.split('\n')).toStrictEqual([
      '/etc/feed/feed.json has 10 faults',
      ...error.context.faults.map(({ path, message }) => `  ${path}: ${message}`),
    ]);
  });

  it('counts a single fault as one', () => {
    expect(errorOf(() => parseEntry({ baseline: 'loud' })).message).toBe(
      '/etc/feed/feed.json has 1 fault\n  connections[0].baseline: expected "silent" or "emit", found "loud"',
    );
  });

  it('names both places of a repeated id', () => {
    const ids = ['a', 'b', 'a', 'c', 'a'];

    expect(faultsOf(() => parse({ connections: ids.map((id) => entry({ id })) }))).toStrictEqual([
      { path: 'connections[2].id', message: '"a" is also connections[0].id: give each connection an id of its own' },
      { path: 'connections[4].id', message: '"a" is also connections[0].id: give each connection an id of its own' },
    ]);
  });

  it.each([
    [{}, 'connections', 'is missing; expected a list'],
    [{ connections: [] }, 'connections', 'expected at least 1 in the list, found an empty list'],
    [{ connections: {} }, 'connections', 'expected a list, found an object'],
    [{ connections: [entry()], $schema: 7 }, '$schema', 'expected a text, found 7'],
    [{ connections: [entry()], version: 1 }, 'version', 'unknown key: remove it (known here: $schema, connections)'],
    [{ connections: [null] }, 'connections[0]', 'expected an object, found null'],
    [{ connections: [[]] }, 'connections[0]', 'expected an object, found an empty list'],
    [[], '/etc/feed/feed.json', 'expected an object, found an empty list'],
    ['null', '/etc/feed/feed.json', 'expected an object, found null'],
  ])('refuses the file %j', (file, path, message) => {
    expect(faultsOf(() => parse(file))).toStrictEqual([{ path, message }]);
  });

  it('holds ten thousand connections and not one more', () => {
    const connections = Array.from({ length: 10_000 }, (_, index) => entry({ id: `c${index}` }));

    expect(parse({ connections })).toHaveLength(10_000);
    expect(faultsOf(() => parse({ connections: [...connections, entry({ id: 'more' })] }))).toStrictEqual([
      { path: 'connections', message: 'expected at most 10000 in the list, found a list of 10001' },
    ]);
  });

  it('names line and column of a syntax error', () => {
    expect(faultsOf(() => parse('{\n  "connections": [,]\n}'))).toStrictEqual([
      { path: '/etc/feed/feed.json', message: 'line 2, column 19: expected a value, found ","' },
    ]);
  });

  it('refuses a key that stands twice in one object, beside all other faults', () => {
    const text = JSON.stringify({ connections: [entry({ id: 'Acme' })] }).replace(
      '"vendor"',
      '"vendor":"service",\n"vendor"',
    );

    expect(faultsOf(() => parse(text)).map(({ path }) => path)).toStrictEqual([
      '/etc/feed/feed.json',
      'connections[0].id',
    ]);
    expect(errorOf(() => parse(text)).message).toContain(
      'line 2, column 1: a key stands for the second time in one object',
    );
  });

  it('reads past a byte order mark', () => {
    expect(parse(`\ufeff${JSON.stringify({ connections: [entry()] })}`)).toHaveLength(1);
  });

  it('takes no setting from __proto__', () => {
    const text = JSON.stringify({ connections: [entry()] }).replace('{"id"', '{"__proto__":{"every":"1h"},"id"');

    expect(faultsOf(() => parse(text)).map(({ path }) => path)).toStrictEqual(['connections[0].__proto__']);
  });
});

describe('readConnectionFile', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'connection-file-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function failureOf(path: string) {
    const thrown: unknown = await readConnectionFile(path, { vendors, runtime: 'embedded' }).catch(
      (error: unknown) => error,
    );
    if (!isFeedError(thrown, 'config.invalid')) throw new TypeError('expected config.invalid');
    return thrown.context.faults;
  }

  it('reads a file, and finds files of secrets beside it', async () => {
    const path = join(folder, 'feed.json');
    await writeFile(path, JSON.stringify({ connections: [entry({ credentials: { apiKey: { file: './key' } } })] }));

    const { connections } = await readConnectionFile(path, { vendors, runtime: 'embedded' });

    expect(connections[0]?.credentials).toStrictEqual({ apiKey: { file: join(folder, 'key') } });
  });

  it('names a file that is missing, a folder, or no UTF-8', async () => {
    const missing = join(folder, 'missing.json');
    const encoded = join(folder, 'encoded.json');
    await writeFile(encoded, Buffer.from('{"connections": []}', 'utf16le').fill(0xff, 0, 1));

    expect(await failureOf(missing)).toStrictEqual([{ path: missing, message: 'there is no such file' }]);
    expect(await failureOf(join(encoded, 'x'))).toStrictEqual([
      { path: join(encoded, 'x'), message: 'there is no such file: a part of its path is not a folder' },
    ]);
    expect(await failureOf(folder)).toStrictEqual([{ path: folder, message: 'it is a folder, expected a file' }]);
    expect(await failureOf(encoded)).toStrictEqual([
      { path: encoded, message: 'it is not UTF-8: save it in that encoding' },
    ]);
  });

  it('lists the faults of a file under its path', async () => {
    const path = join(folder, 'faulty.json');
    await writeFile(path, '{"connections": [}');

    expect(await failureOf(path)).toStrictEqual([{ path, message: 'line 1, column 18: expected a value, found "}"' }]);
  });
});

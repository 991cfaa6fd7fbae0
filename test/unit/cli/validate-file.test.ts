import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runUcfHere } from '../../support/run-ucf-here.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-validate-'));
  path = join(folder, 'connections.json');
});

afterEach(() => rm(folder, { recursive: true }));

const good = {
  id: 'acme',
  vendor: 'openproject',
  tenantId: 'acme',
  baseUrl: 'https://projects.example',
  credentials: { apiKey: { env: 'NOT_SET_ANYWHERE' } },
};

async function validate(connections: unknown, ...words: readonly string[]) {
  await writeFile(path, typeof connections === 'string' ? connections : JSON.stringify({ connections }));
  return runUcfHere(['connections', 'validate', path, ...words], { UCF_STACK: '' });
}

describe('ucf connections validate', () => {
  it('finds no fault where there is none, and needs neither feed, network nor secret', async () => {
    const told = await validate([good, { ...good, id: 'globex' }]);
    const json = await validate([good], '--json');

    expect(told).toStrictEqual({
      exitCode: 0,
      stdout: `2 connections, and no fault
  acme (openproject at https://projects.example)
  globex (openproject at https://projects.example)
`,
      stderr: '',
    });
    expect([json.exitCode, JSON.parse(json.stdout), json.stderr]).toStrictEqual([
      0,
      { isValid: true, connections: [{ id: 'acme', vendor: 'openproject', baseUrl: 'https://projects.example' }] },
      '',
    ]);
  });

  it('lists all faults at once, as a result only where a program asks', async () => {
    const faulty = [
      { ...good, every: 'often' },
      { ...good, id: 'two', vendr: 'leen' },
    ];
    const told = await validate(faulty);
    const json = await validate(faulty, '--json');

    expect([told.exitCode, told.stdout]).toStrictEqual([2, '']);
    expect(told.stderr).toMatch(/connections\[0\]\.every: [\s\S]*connections\[1\]\.vendr: /);
    expect([json.exitCode, json.stderr]).toStrictEqual([2, '']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      isValid: false,
      faults: [{ path: 'connections[0].every' }, { path: 'connections[1].vendr' }],
    });
  });

  it('refuses with --deployed what a stack cannot use', async () => {
    const local = await validate([good], '--deployed');
    const loopback = await validate(
      [{ ...good, baseUrl: 'http://127.0.0.1:8080', credentials: { apiKey: { ssm: '/feed/acme' } } }],
      '--deployed',
      '--json',
    );
    const deployed = await validate([{ ...good, credentials: { apiKey: { ssm: '/feed/acme' } } }], '--deployed');

    expect([local.exitCode, loopback.exitCode, deployed.exitCode]).toStrictEqual([2, 2, 0]);
    expect(local.stderr).toContain('connections[0].credentials.apiKey: ');
    expect(JSON.parse(loopback.stdout)).toMatchObject({ isValid: false, faults: [{ path: 'acme.baseUrl' }] });
  });

  it.each([
    ['is no JSON', '{ "connections": ['],
    ['has no connections', '{}'],
  ])('says what is wrong with a file that %s', async (_, text) => {
    const { exitCode, stdout, stderr } = await validate(text);

    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain('connections.json has 1 fault');
  });

  it('says where there is no such file', async () => {
    const { exitCode, stderr } = await runUcfHere(['connections', 'validate', join(folder, 'nowhere.json')]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('nowhere.json: there is no such file');
  });
});

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { printed } from './ucf-story.ts';

let account: SimulatedAccount;
let folder: string;
let file: string;

beforeEach(async () => {
  account = await startAccount('openproject');
  folder = await mkdtemp(join(tmpdir(), 'ucf-begin-'));
  file = await writeConnections(folder, [account.connection]);
});

afterEach(async () => {
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const run = (...words: readonly string[]) => runUcfHere(words, { ...account.env, UCF_STACK: '' });

describe('ucf connections apply --state', () => {
  it('begins a folder that does not exist, and says who polls it', async () => {
    const state = join(folder, 'state');

    const applied = await run('connections', 'apply', file, '--state', state);
    const listed = await run('connections', 'list', '--json', '--state', state);
    const swept = await run('sweep', 'acme-openproject', '--state', state);

    expect(applied.exitCode).toBe(0);
    expect(applied.stdout).toMatch(/^\+ acme-openproject .*[\s\S]*\nsaved: 1 new, 0 changed\n$/);
    expect(applied.stderr).toBe(
      `nothing polls a state folder by itself: ucf dev --config ${file} --state ${state} does, and ucf sweep sweeps once\n`,
    );
    expect(printed<{ connections: object[] }>(listed).connections).toHaveLength(1);
    expect(swept).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('baseline seen=12') });
  });

  it('begins none among files that are something else', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'notes.txt'), '');

    const { exitCode, stderr } = await run('connections', 'apply', file, '--state', other);

    expect([exitCode, await readdir(other)]).toStrictEqual([2, ['notes.txt']]);
    expect(stderr).toContain(`the state folder ${other} holds no feed`);
  });

  it('is the only one that begins a folder: whoever looks has misspelt its name', async () => {
    const { exitCode } = await run('connections', 'list', '--state', join(folder, 'stat'));

    expect([exitCode, await readdir(folder)]).toStrictEqual([2, ['connections.json']]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStateFolder } from '../../local/state-folder.ts';
import { runUcf } from '../support/run-ucf.ts';
import { startAccount, writeConnections } from '../support/simulated-account.ts';
import { startStackOnLoopback } from '../support/stack-on-loopback.ts';
import { askConsole } from '../unit/console/ask-console.ts';

const ucf = fileURLToPath(new URL('../../cli/ucf.ts', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-console-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** `ucf console` as a process, once it has printed its address. */
async function startConsoleCommand(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [ucf, 'console', ...words], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (text) => {
      said += String(text);
      const found = /console: (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', () => reject(new Error(`ucf console has ended: ${said}`)));
  });
  const stop = async () => {
    const closed = once(child, 'close');
    child.kill('SIGINT');
    await closed;
    return child.exitCode;
  };
  return { url, stop, said: () => said };
}

describe('ucf console', () => {
  it('shows a state folder while nobody else has it, decides in it, and ends on request', async () => {
    const state = join(folder, 'state');
    await runUcf(['dev', '--once', '--state', state]);
    const { url, stop } = await startConsoleCommand(['--state', state]);
    const { json } = await askConsole(url, '/api/feed');
    const { connections } = (await askConsole(url, '/api/connections')).json;
    const busy = await runUcf(['console', '--state', state]);

    expect(json).toMatchObject({ name: `state folder ${state}`, hasSimulators: false });
    expect(connections).toHaveLength(5);
    expect(busy.exitCode).not.toBe(0);
    expect(busy.stderr).toMatch(/in use/);
    expect(await stop()).toBe(0);
    const freed = await openStateFolder(state);
    await freed.close();
  });

  it('says where there is no feed', async () => {
    const { exitCode, stderr } = await runUcf(['console', '--state', join(folder, 'misspelt')]);

    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('holds no feed');
  });

  it('shows a stack, sweeps it through its queue, and hears of what that commits', async () => {
    const parameter = '/ucf/acme';
    const settings = {
      credentials: { apiKey: { ssm: parameter } },
      deletion: { probe: false },
      options: { pageSize: 100 },
    };
    const account = await startAccount('openproject', settings, 12);
    const secret = Object.values(account.env)[0] ?? '';
    const stack = await startStackOnLoopback({ parameters: { [parameter]: secret } });
    const file = await writeConnections(folder, [account.connection]);
    await stack.run('connections', 'apply', file);
    const [id] = (await stack.run('connections', 'list')).stdout.match(/acme-\w+/) ?? [''];
    await stack.run('sweep', id);
    const { url, stop, said } = await startConsoleCommand(['--stack', stack.name], stack.env);
    const ask = (path: string) => askConsole(url, path);
    account.simulator.directory.add({ givenName: 'Just', familyName: 'Arrived' });
    const asked = await askConsole(url, `/api/connections/${id}/sweeps`, { method: 'POST', body: {} });
    await vi.waitFor(
      async () => expect((await ask('/api/events')).json.events[0]).toMatchObject({ type: 'user.created' }),
      { timeout: 60_000, interval: 200 },
    );
    const feed = await ask('/api/feed');
    const detail = await ask(`/api/connections/${id}`);
    const exitCode = await stop();
    await stack.close();
    await account.simulator.close();

    expect(asked).toMatchObject({ status: 200 });
    expect(feed.json).toMatchObject({ name: `stack ${stack.name}`, refreshSeconds: 15 });
    expect(detail.json.connection).toMatchObject({ health: 'fresh', users: 13 });
    expect(detail.text).not.toContain(parameter);
    expect(said()).not.toContain(secret);
    expect(exitCode).toBe(0);
  });
});

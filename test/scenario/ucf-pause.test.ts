import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectionId } from '../../src/model/ids.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';
import { aConnection } from '../unit/store/sample-log.ts';
import { printed } from './ucf-story.ts';

const acme = connectionId('acme');
const globex = connectionId('globex');
const settings = { credentials: { apiKey: { ssm: '/ucf/acme' } }, ignoredFields: ['title'] as const };

let stack: LoopbackStack;

beforeEach(async () => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
  stack = await startStackOnLoopback({ parameters: {} });
  const { store, clock } = stack.feed;
  for (const id of [acme, globex])
    await store.saveConnection(aConnection(id, settings), () => `key of ${id}`, clock.nowMs);
});

afterEach(() => stack.close());

/** Which connections the dispatcher asks to be swept in this minute. */
async function dispatchAt(nowMs: number): Promise<readonly string[]> {
  stack.feed.clock.nowMs = nowMs;
  await stack.feed.dispatch();
  const bodies = stack.feed.messages.splice(0);
  return bodies.map((body) => (JSON.parse(body) as { connectionId: string }).connectionId).toSorted();
}

describe('ucf connections pause and resume', () => {
  it('take effect with the next minute, and change nothing else', async () => {
    capturePrinted();
    const { store } = stack.feed;
    const before = await store.readConnection(acme);

    const paused = await stack.run('connections', 'pause', 'acme');
    const during = await dispatchAt(Date.now() + 60_000);
    const state = await store.readState(acme);
    const listed = await stack.run('connections', 'list');
    const resumed = await stack.run('connections', 'resume', 'acme');
    const after = await dispatchAt(Date.now() + 120_000);

    expect(paused).toMatchObject({
      exitCode: 0,
      stdout: 'acme: paused; no sweep of it is begun until it is resumed\n',
      stderr: '',
    });
    expect(during).toStrictEqual(['globex']);
    expect(listed.stdout).toMatch(/^acme .* paused /m);
    expect(resumed).toMatchObject({ exitCode: 0, stdout: 'acme: resumed; it is due now\n', stderr: '' });
    expect(after).toContain('acme');
    expect(await store.readConnection(acme)).toStrictEqual(before);
    expect(state?.digestKey).toBe('key of acme');
  });

  it('do nothing where it is as asked already, and say so', async () => {
    const first = await stack.run('connections', 'pause', 'acme', 'acme', 'globex', '--json');
    const again = await stack.run('connections', 'pause', 'acme');
    const due = (await stack.feed.store.readState(acme))?.dueAt;
    await stack.run('connections', 'resume', 'globex');
    const resumed = await stack.run('connections', 'resume', 'acme', 'globex', '--json');

    const one = (id: string, paused: boolean, isChanged: boolean) => ({ connectionId: id, paused, isChanged });
    expect(printed(first)).toStrictEqual({ connections: [one('acme', true, true), one('globex', true, true)] });
    expect(again).toMatchObject({ exitCode: 0, stdout: 'acme: paused already\n' });
    expect(due).toBeDefined();
    expect(printed(resumed)).toStrictEqual({ connections: [one('acme', false, true), one('globex', false, false)] });
  });

  it('change none of several where one is unknown', async () => {
    const { exitCode, stdout, stderr } = await stack.run('connections', 'pause', 'acme', 'globx');

    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toMatch(/^ucf: globx: there is no such connection; did you mean globex\? There are acme, globex\n$/);
    expect((await stack.feed.store.readConnection(acme))?.paused).toBeUndefined();
  });
});

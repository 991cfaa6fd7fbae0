import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../cli/run-program.ts';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';

const parameter = '/ucf/acme';
const id = 'acme-openproject';

let account: SimulatedAccount;
let stack: LoopbackStack;
let folder: string;

beforeAll(async () => {
  account = await startAccount('openproject', { credentials: { apiKey: { ssm: parameter } } }, 3);
  stack = await startStackOnLoopback({ parameters: { [parameter]: Object.values(account.env)[0] ?? '' } });
  folder = await mkdtemp(join(tmpdir(), 'ucf-tail-'));
});

afterAll(async () => {
  await stack.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

/** Resolves once it follows: what is committed from then on is told. */
async function startTail(...words: readonly string[]) {
  for (const [name, value] of Object.entries(stack.env)) vi.stubEnv(name, value);
  const lines: string[] = [];
  let done: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const note = (line: string) => {
      expect(line).toBe('following 1 connection; Ctrl+C stops it');
      resolve();
    };
    done = runProgram(['tail', '--stack', stack.name, ...words], { result: (line) => void lines.push(line), note });
  });
  return { lines, done };
}

describe('ucf tail', () => {
  it('prints what a sweep commits, as people read it and as the bus delivers it', async () => {
    capturePrinted();
    await stack.run('connections', 'apply', await writeConnections(folder, [account.connection]), '--no-test');
    await stack.run('sweep', id);
    const people = await startTail('--limit', '1', '--type', 'user.created');
    const programs = await startTail('--limit', '1', '--type', 'user.created', '--json');

    account.simulator.directory.add({ familyName: 'Arrived' });
    await stack.run('sweep', id);

    expect([await people.done, await programs.done]).toStrictEqual([0, 0]);
    expect(people.lines).toStrictEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d user\.created {9}acme-openproject \d+ .*Arrived \| appeared$/),
    ]);
    expect(programs.lines.map((line) => JSON.parse(line) as BusEvent)).toMatchObject([
      { 'detail-type': 'user.created', detail: stack.feed.taken.at(-1)?.detail },
    ]);
  });

  it('tells of the past from a time on, whatever is committed meanwhile', async () => {
    const { stdout, exitCode } = await stack.run('tail', '--from', '2026-01-01', '--limit', '1');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d connection\.baseline_completed acme-openproject\n$/);
  });

  it('has changes and users history beside it, which say where a log has nothing', async () => {
    const changes = await stack.run('changes', id, '--type', 'user.deleted');
    const history = await stack.run('users', 'history', id, 'nobody');

    expect(changes).toStrictEqual({ exitCode: 0, stdout: '', stderr: `${id}: the log has no such events\n` });
    expect(history).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringMatching(/nothing about nobody/) });
  });

  it('refuses a state folder, and says who prints its events', async () => {
    const { exitCode, stdout, stderr } = await runUcfHere(['tail', '--state', '.here'], { UCF_STACK: '' });

    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain('ucf dev --state .here prints events as it finds them');
  });
});

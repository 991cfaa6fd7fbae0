import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEvents, runUcf, startUcf, summariesOf, type UcfRun } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

let folder: string;
let bad: SimulatedAccount;
let good: SimulatedAccount;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-bad-'));
  bad = await startAccount('openproject');
  good = await startAccount('leen');
});

afterEach(async () => {
  for (const { simulator } of [bad, good]) await simulator.close();
  await rm(folder, { recursive: true });
});

const goodBaseline = 'baseline seen=12 created=0 updated=0 status_changed=0 deleted=0 held=0';
const env = () => ({ ...bad.env, ...good.env });

async function runOnce(connections: readonly unknown[], variables: Record<string, string> = env()): Promise<UcfRun> {
  const config = await writeConnections(folder, connections);
  return runUcfHere(['dev', '--once', '--config', config, '--state', join(folder, 'state')], variables);
}

describe('wrong usage and configuration end with exit code 2', () => {
  it('lists every fault of a connection file with its path', async () => {
    const { credentials: _, ...withoutCredentials } = bad.connection;
    const run = await runOnce([
      { ...withoutCredentials, every: 'often', colour: 'red' },
      { ...good.connection, baseUrl: 'http://leen.example.com/v1', options: { limit: 0 } },
    ]);

    expect(run.exitCode).toBe(2);
    for (const path of [
      'connections[0].every',
      'connections[0].colour',
      'connections[0].credentials',
      'connections[1].baseUrl',
      'connections[1].options.limit',
    ])
      expect(run.stderr).toContain(path);
    expect(run.stdout).toBe('');
  });

  it('names a file that is not there and one that is no JSON', async () => {
    const missing = await runUcfHere(['dev', '--once', '--config', join(folder, 'nowhere.json')]);
    await writeFile(join(folder, 'broken.json'), '{ "connections": [ }');
    const broken = await runUcfHere(['dev', '--once', '--config', join(folder, 'broken.json')]);

    expect([missing.exitCode, broken.exitCode]).toStrictEqual([2, 2]);
    expect(missing.stderr).toContain('nowhere.json');
    expect(broken.stderr).toMatch(/broken\.json.*line 1, column/s);
  });

  it('refuses an unknown option and suggests the one that was meant', async () => {
    const run = await runUcf(['dev', '--onec']);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--once');
  });

  it('names a credential that is missing, and sweeps the other connections all the same', async () => {
    const run = await runOnce([bad.connection, good.connection], good.env);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/acme-openproject.*credentials\.apiKey.*TEST_OPENPROJECT_KEY/s);
    expect(summariesOf(run)).toMatchObject({ 'acme-leen': goodBaseline });
    expect(summariesOf(run)['acme-openproject']).toMatch(/^failed seen=0/);
  });

  it('refuses a state folder that another process has open', async () => {
    const config = await writeConnections(folder, [bad.connection]);
    const args = ['dev', '--no-console', '--config', config, '--state', join(folder, 'state')];
    const first = startUcf(args, env());
    await first.noted('press Ctrl+C');
    const second = await runUcf([...args, '--once'], env());
    first.stop();

    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('in use by another process');
    expect((await first.done).exitCode).toBe(0);
  });

  it('names a state folder that cannot be one', async () => {
    await writeFile(join(folder, 'file'), '');
    const run = await runUcfHere(['dev', '--once', '--state', join(folder, 'file')]);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(join(folder, 'file'));
  });
});

describe('a vendor that fails ends with exit code 1 and touches no other connection', () => {
  it.each([
    ['cannot be reached', async () => bad.simulator.close(), /acme-openproject.*127\.0\.0\.1/],
    [
      'answers with HTML',
      async () => bad.simulator.traps.arm('htmlLogin', {}),
      /acme-openproject.*\/api\/v3\/users.*(html|HTML)/,
    ],
    [
      'cuts its body short',
      async () => bad.simulator.traps.arm('truncatedBody', {}),
      /acme-openproject.*\/api\/v3\/users/,
    ],
    ['refuses the credentials', async () => bad.simulator.traps.arm('unauthorized', {}), /acme-openproject.*401/],
  ])('when it %s', async (_, spoil, message) => {
    await spoil();

    const run = await runOnce([bad.connection, good.connection]);

    expect(run.exitCode).toBe(1);
    expect(summariesOf(run)['acme-openproject']).toMatch(/^failed seen=0/);
    expect(summariesOf(run)['acme-leen']).toBe(goodBaseline);
    expect(run.stderr).toMatch(message);
    for (const secret of Object.values(env())) expect(run.stdout + run.stderr).not.toContain(secret);
  });

  it('and publishes what it saw before the fault, but concludes no deletion', async () => {
    await runOnce([bad.connection]);
    const [first] = bad.simulator.directory.people();
    bad.simulator.directory.change(first?.id ?? '', { familyName: 'Changed' });
    bad.simulator.directory.remove(bad.simulator.directory.people().at(-1)?.id ?? '');
    bad.simulator.traps.arm('truncatedBody', { page: 2 });
    const config = await writeConnections(folder, [bad.connection]);
    const args = ['dev', '--once', '--config', config, '--state', join(folder, 'state'), '--events', join(folder, 'e')];
    const runs = [await runUcfHere(args, env()), await runUcfHere(args, env()), await runUcfHere(args, env())];

    expect(runs.map(({ exitCode }) => exitCode)).toStrictEqual([1, 1, 1]);
    expect(summariesOf(runs[0] as UcfRun)['acme-openproject']).toMatch(/^incomplete seen=5 .*updated=1 .*deleted=0/);
    expect((await readEvents(join(folder, 'e'))).map((event) => event['detail-type'])).toStrictEqual(['user.updated']);
    expect(bad.simulator.traps.fired.truncatedBody).toBeGreaterThanOrEqual(3);
  });
});

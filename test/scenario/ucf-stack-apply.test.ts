import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { connectionId } from '../../src/model/ids.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import type { UcfRun } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';
import { printed } from './ucf-story.ts';

const good = '/ucf/good';
const bad = '/ucf/bad';

let account: SimulatedAccount;
let stack: LoopbackStack;
let folder: string;
let mayRead: boolean;

beforeEach(async () => {
  account = await startAccount('openproject');
  const secret = Object.values(account.env)[0] ?? '';
  mayRead = true;
  const parameters = { [good]: secret, [bad]: 'not-the-key' };
  stack = await startStackOnLoopback({ parameters, operatorReads: () => mayRead });
  folder = await mkdtemp(join(tmpdir(), 'ucf-apply-'));
});

afterEach(async () => {
  await stack.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

function named(id: string, settings: Record<string, unknown> = {}) {
  return { ...account.connection, id, credentials: { apiKey: { ssm: good } }, ...settings };
}

/** Applies a file of these connections to the stack. */
async function apply(connections: readonly object[], ...words: readonly string[]): Promise<UcfRun> {
  return stack.run('connections', 'apply', await writeConnections(folder, connections), ...words);
}

const saved = () =>
  stack.run('connections', 'list', '--json').then(({ stdout }) => [...stdout.matchAll(/"id":"(\w+)"/g)]);
const savedIds = async () => (await saved()).map(([, id]) => id);

describe('ucf connections apply', () => {
  it('saves nothing where one credential is refused, and says which and what to do', async () => {
    const { exitCode, stdout, stderr } = await apply([
      named('one'),
      named('two', { credentials: { apiKey: { ssm: bad } } }),
    ]);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('+ one');
    expect(stdout).toMatch(/ {2}one: 5 users on the first page; total: 12; the list ends with: offset/);
    expect(stderr).toMatch(/two: vendor\.unauthorized: .*; renew the credential/);
    expect(stderr).toContain('nothing was saved: 1 of 2 tested connections failed');
    expect(stdout + stderr).not.toContain('not-the-key');
    expect(await savedIds()).toStrictEqual([]);
  });

  it('takes a secret that is not there for a fault of the configuration', async () => {
    const { exitCode, stderr } = await apply([named('one', { credentials: { apiKey: { ssm: '/ucf/nobody' } } })]);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/one: config\.invalid: [\s\S]*parameter \/ucf\/nobody does not exist/);
    expect(await savedIds()).toStrictEqual([]);
  });

  it('saves what it was told not to test', async () => {
    const { exitCode, stdout } = await apply([named('one', { credentials: { apiKey: { ssm: bad } } })], '--no-test');

    expect([exitCode, stdout]).toStrictEqual([0, expect.stringContaining('saved: 1 new, 0 changed')]);
    expect(await savedIds()).toStrictEqual(['one']);
  });

  it('refuses secrets that a stack cannot reach, and loopback where nobody has allowed it', async () => {
    const local = await apply([
      named('one', { credentials: { apiKey: { env: 'KEY' } } }),
      named('two', { every: '1s' }),
    ]);
    delete stack.outputs.LoopbackVendors;
    const loopback = await apply([named('one'), named('two')]);

    expect([local.exitCode, loopback.exitCode]).toStrictEqual([2, 2]);
    expect(local.stderr).toMatch(
      /connections\[0\]\.credentials\.apiKey: what env names .*\n {2}connections\[1\]\.every: /,
    );
    expect(loopback.stderr).toMatch(/2 faults\n {2}one\.baseUrl: expected https: .*\n {2}two\.baseUrl: /);
    expect(await savedIds()).toStrictEqual([]);
  });

  it('removes what is not in the file only with --prune, and only once that is confirmed', async () => {
    capturePrinted();
    await apply([named('one'), named('two')]);
    const changed = [named('one', { every: '30m', options: { pageSize: 7 } })];
    const left = await apply(changed, '--no-test');
    const asked = await apply(changed, '--prune');
    const before = await savedIds();
    const pruned = await apply(changed, '--prune', '--yes', '--json');
    const again = await apply(changed, '--prune');

    expect(left.stdout).toBe('~ one: every, options.pageSize\nsaved: 0 new, 1 changed\n');
    expect(left.stderr).toBe('not in the file, and left alone without --prune: two\n');
    expect([asked.exitCode, asked.stdout]).toStrictEqual([2, '- two\n= 1 unchanged\n']);
    expect(before).toStrictEqual(['one', 'two']);
    expect(printed(pruned)).toStrictEqual({
      plan: { added: [], changed: [], unchanged: ['one'], removed: ['two'], leftAlone: [] },
      trials: [],
      isApplied: true,
    });
    expect(await savedIds()).toStrictEqual(['one']);
    expect(stack.feed.taken.map((event) => event['detail-type'])).toStrictEqual(['connection.removed']);
    expect(again).toMatchObject({ exitCode: 0, stdout: '= 1 unchanged\nnothing to do\n' });
  });

  it('adds a connection again whose removal has died before its settings were gone', async () => {
    const { tableName, clients } = stack.feed;
    const table = DynamoDBDocumentClient.from(clients.table);
    const settings = { TableName: tableName, Key: { pk: 'connection#one', sk: 'settings' } };
    await apply([named('one')], '--no-test');
    const { Item } = await table.send(new GetCommand(settings));
    await stack.run('connections', 'remove', 'one', '--yes');
    await table.send(new PutCommand({ TableName: tableName, Item }));
    const before = await savedIds();
    const again = await apply([named('one')], '--no-test');

    expect([before, again.exitCode, again.stdout]).toStrictEqual([[], 0, expect.stringContaining('+ one')]);
    expect(await savedIds()).toStrictEqual(['one']);
  });

  it('saves for a state folder what ucf dev would save', async () => {
    const env = { ...account.env, UCF_STACK: '' };
    const [applied, run] = [join(folder, 'applied'), join(folder, 'run')];
    const first = await writeConnections(folder, [account.connection]);
    await runUcfHere(['dev', '--once', '--config', first, '--state', applied], env);
    const other = { ...account.connection, every: '1h', fields: { redact: ['title'] } };
    const second = await writeConnections(folder, [other, { ...other, id: 'another' }]);

    const applying = await runUcfHere(['connections', 'apply', second, '--state', applied], env);
    await runUcfHere(['dev', '--once', '--config', second, '--state', run], env);
    const settings = async (state: string) => {
      const list = await runUcfHere(['connections', 'list', '--json', '--state', state], env);
      return printed<{ connections: { settings: unknown }[] }>(list).connections.map((one) => one.settings);
    };

    expect(applying.stdout).toMatch(/\+ another .*\n~ acme-openproject: every, fields\.redact\n/);
    expect(await settings(applied)).toStrictEqual(await settings(run));
  });
});

describe('ucf connections test', () => {
  it('says what the account shows, without keeping any of it', async () => {
    await apply([named('one'), named('two', { credentials: { apiKey: { ssm: bad } } })], '--no-test');
    const passed = await stack.run('connections', 'test', 'one');
    const { requests } = account.simulator;
    const failed = await stack.run('connections', 'test', 'two');
    const all = await stack.run('connections', 'test', '--json', '--config', join(folder, 'connections.json'));

    expect(passed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(passed.stdout).toMatch(/first page +5 users\ntotal +12\nend of the list +more pages follow; .*offset/);
    expect(passed.stdout).toMatch(/deltas +not possible.*\nmissing users +are asked about one by one\ntook +\d+ ms/);
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/result +failed \(vendor\.unauthorized\)[\s\S]*what to do +renew the credential/);
    expect(printed<{ trials: object[] }>(all).trials).toMatchObject([{ outcome: 'passed' }, { outcome: 'failed' }]);
    expect(requests).toBe(1);
    expect(stack.asked).toStrictEqual([]);
    expect(await stack.feed.store.readState(connectionId('one'))).toMatchObject({ position: 0 });
  });

  it('needs no feed for a file', async () => {
    const file = await writeConnections(folder, [account.connection]);
    const passed = await runUcfHere(['connections', 'test', '--config', file], { ...account.env, UCF_STACK: '' });
    const unknown = await runUcfHere(['connections', 'test', 'nobody', '--config', file]);

    expect([passed.exitCode, unknown.exitCode]).toStrictEqual([0, 2]);
    expect(unknown.stderr).toContain('has no such connection; it has acme-openproject');
  });
});

describe('ucf sweep --stack', () => {
  it('sweeps a connection that is paused', async () => {
    capturePrinted();
    await apply([named('one', { paused: true })]);

    const { exitCode, stdout } = await stack.run('sweep', 'one', '--json');

    expect(exitCode).toBe(0);
    expect(printed<{ events: BusEvent[]; summary: object }>({ exitCode, stdout, stderr: '' })).toMatchObject({
      events: [{ 'detail-type': 'connection.baseline_completed' }],
      summary: { outcome: 'baseline', counts: { seen: 12 } },
    });
    expect(stack.asked).toStrictEqual([{ connectionId: 'one', mode: 'full' }]);
  });

  it('needs no right to read secrets, which a dry run on this machine does', async () => {
    capturePrinted();
    await apply([named('one')]);
    mayRead = false;

    const dry = await stack.run('sweep', 'one', '--dry-run');
    const real = await stack.run('sweep', 'one');

    expect([dry.exitCode, real.exitCode]).toStrictEqual([2, 0]);
    expect(dry.stderr).toContain('parameter /ucf/good may not be read');
    expect(real.stdout).toContain('one baseline seen=12');
  });
});

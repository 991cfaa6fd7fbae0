import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { connectionId } from '../../src/model/ids.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';
import { printed } from './ucf-story.ts';

const users = 64;
const gone = 30;
const id = 'acme-openproject';
const parameter = '/ucf/acme';

let account: SimulatedAccount;
let stack: LoopbackStack;
let folder: string;
let file: string;

beforeEach(async () => {
  const credentials = { apiKey: { ssm: parameter } };
  const settings = { credentials, deletion: { probe: false }, options: { pageSize: 100 } };
  account = await startAccount('openproject', settings, users);
  stack = await startStackOnLoopback({ parameters: { [parameter]: Object.values(account.env)[0] ?? '' } });
  folder = await mkdtemp(join(tmpdir(), 'ucf-stack-'));
  file = await writeConnections(folder, [account.connection]);
});

afterEach(async () => {
  await stack.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const typesOf = (events: readonly BusEvent[]) => events.map((event) => event['detail-type']);

describe('ucf --stack', () => {
  it('applies, sweeps, decides, erases and removes as with a state folder, and tells what the bus got', async () => {
    capturePrinted();
    const { directory } = account.simulator;
    const applied = await stack.run('connections', 'apply', file);
    const again = await stack.run('connections', 'apply', file);
    const baseline = await stack.run('sweep', id, '--json');
    const leavers = directory.people().slice(0, gone);
    for (const person of leavers) directory.remove(person.id);
    directory.add({ familyName: 'Arrived' });
    const swept = await stack.run('sweep', id);
    const dry = await stack.run('sweep', id, '--dry-run', '--json');
    const held = await stack.run('sweep', id);

    expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
    expect(applied.stdout).toContain(`+ ${id} (openproject at http://`);
    expect(applied.stdout).toContain('64 users on the first page; total: 64');
    expect(again).toMatchObject({ exitCode: 0, stdout: '= 1 unchanged\nnothing to do\n' });
    expect(baseline.exitCode).toBe(0);
    expect(typesOf(printed<{ events: BusEvent[] }>(baseline).events)).toStrictEqual(['connection.baseline_completed']);
    expect(swept).toMatchObject({ exitCode: 0, stderr: '' });
    expect(swept.stdout).toMatch(/user\.created .*Arrived[\s\S]*complete seen=35 created=1/);
    expect(held.exitCode).toBe(1);
    expect(held.stdout).toContain('held=30');

    const { holds } = printed<{ holds: { holdId: string }[] }>(await stack.run('holds', 'list', '--json'));
    const hold = holds[0]?.holdId ?? '';
    const shown = await stack.run('holds', 'show', hold);
    const ill = await stack.run('doctor');
    const approved = await stack.run('holds', 'approve', hold, '--by', 'ada');
    const released = await stack.run('sweep', id, '--json');

    expect(shown.stdout).toContain('30 of 30 shown');
    expect([ill.exitCode, approved.exitCode, released.exitCode]).toStrictEqual([1, 0, 0]);
    expect(ill.stdout).toContain('30 changes (deleted) are held');
    const { events } = printed<{ events: BusEvent[] }>(released);
    expect(typesOf(events).filter((type) => type === 'user.deleted')).toHaveLength(gone);
    expect(stack.feed.taken.slice(-events.length)).toMatchObject(events.map(({ detail }) => ({ detail })));
    expect(printed<{ events: BusEvent[] }>(dry).events.map((event) => event['detail-type'])).toStrictEqual([
      'connection.changes_held',
    ]);

    const stays = directory.people()[0]?.id ?? '';
    const purged = await stack.run('users', 'purge', id, stays, '--now', '--yes');
    const listed = await stack.run('connections', 'list');
    const sweeps = await stack.run('sweeps', 'list', id, '--json');
    const removed = await stack.run('connections', 'remove', id, '--yes', '--json');
    const none = await stack.run('connections', 'list');

    expect(purged.stdout).toContain(`User ${stays} of ${id} is erased.`);
    expect(listed.stdout).toContain(id);
    expect(printed<{ sweeps: unknown[] }>(sweeps).sweeps).toHaveLength(5);
    expect(typesOf(printed<{ events: BusEvent[] }>(removed).events)).toStrictEqual(['connection.removed']);
    expect(none.stderr).toContain('ucf connections apply FILE');
    expect(await stack.feed.store.readConnection(connectionId(id))).toBeUndefined();
  });
});

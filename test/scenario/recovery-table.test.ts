import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpTable } from '../support/back-up-table.ts';
import { believe, numbersOf } from '../support/believe.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';

const id = 'acme-openproject';
const parameter = '/ucf/acme';
/** So long that whatever a function has kept of the epoch is asked for again. */
const laterMs = 20 * 60_000;

let account: SimulatedAccount;
let stack: LoopbackStack;
let folder: string;

beforeEach(async () => {
  capturePrinted();
  const settings = { credentials: { apiKey: { ssm: parameter } }, baseline: 'emit', options: { pageSize: 100 } };
  account = await startAccount('openproject', settings, 5);
  stack = await startStackOnLoopback({ parameters: { [parameter]: Object.values(account.env)[0] ?? '' } });
  folder = await mkdtemp(join(tmpdir(), 'ucf-table-'));
  await stack.run('connections', 'apply', await writeConnections(folder, [account.connection]));
  // The dispatcher names the table in the parameter, as it does every minute.
  await stack.feed.dispatch();
  await stack.run('sweep', id);
});

afterEach(async () => {
  await stack.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

describe('a table that was restored to an earlier point in time', () => {
  it('is not swept until it has recovered, and then tells what differs: no sequence twice, no event id twice', async () => {
    const { directory } = account.simulator;
    const { feed } = stack;
    const restore = await backUpTable(feed.clients.table, feed.tableName);
    directory.add({ userName: 'after the backup' });
    await stack.run('sweep', id);
    const told = feed.taken.length;
    await restore();
    feed.clock.nowMs += laterMs;
    directory.add({ userName: 'after the restore' });

    const refused = await stack.run('sweep', id);
    const doctor = await stack.run('doctor');
    const toldMeanwhile = feed.taken.length - told;
    const recovered = await stack.run('doctor', '--recover', '--yes', '--by', 'ada');
    feed.clock.nowMs += laterMs;
    const swept = await stack.run('sweep', id);

    expect([refused.exitCode, doctor.exitCode, toldMeanwhile, recovered.exitCode, swept.exitCode]).toStrictEqual([
      1, 1, 0, 0, 0,
    ]);
    expect(refused.stderr).toContain(`ucf doctor --recover --stack ${stack.name}`);
    expect(doctor.stdout).toContain('restored from a backup');
    expect(recovered.stdout).toContain('the feed is in epoch 2 now');
    const { numbers, ids } = numbersOf(feed.taken);
    expect(ids).toBe(feed.taken.length);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.slice(told)).toStrictEqual(['2/7', '2/8']);
    const names = directory.people().map((person) => [person.id, person.userName] as const);
    expect([...believe(feed.taken)].toSorted()).toStrictEqual([...names].toSorted());
  });
});

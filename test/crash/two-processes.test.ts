import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consume, contractFaults } from '../support/consumer.ts';
import type { ReceivedEvent } from '../support/feed-under-test.ts';
import { readEvents, runUcf, startUcf, type UcfChild } from '../support/run-ucf.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

let folder: string;
let account: SimulatedAccount;
let first: UcfChild;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-two-'));
  account = await startAccount('openproject', { baseline: 'emit', every: '1s' });
});

afterEach(async () => {
  first.kill();
  await first.done;
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

describe('a second process on a state folder', () => {
  it('is refused whatever it wants, and the first one goes on as if nobody had been there', async () => {
    const config = await writeConnections(folder, [account.connection]);
    const state = join(folder, 'state');
    const events = join(folder, 'events.jsonl');
    const words = ['dev', '--no-console', '--config', config, '--state', state];
    first = startUcf([...words, '--events', events], account.env);
    await first.noted('baseline seen=');

    const refused = [
      await runUcf(words, account.env),
      await runUcf(['sweep', 'acme-openproject', '--state', state], account.env),
      await runUcf(['doctor', '--recover', '--force', '--yes', '--state', state], account.env),
    ];
    const added = account.simulator.directory.add({ familyName: 'Arrived' });
    const ofNewcomer = async () =>
      (await readEvents(events)).filter(({ detail }) => JSON.stringify(detail).includes('Arrived'));
    while ((await ofNewcomer()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    first.stop();
    const { exitCode, stderr } = await first.done;

    expect(refused.map((run) => run.exitCode)).toStrictEqual([2, 2, 2]);
    for (const run of refused) expect(run.stderr).toContain(`the state folder ${state} is in use by another process`);
    expect([exitCode, stderr.match(/^(sweeping|publishing|dispatching) .*/m)]).toStrictEqual([0, null]);
    const received = (await readEvents(events)).map(
      ({ 'detail-type': type, detail }) => ({ type, ...detail }) as unknown as ReceivedEvent,
    );
    expect(contractFaults(received)).toStrictEqual([]);
    expect(consume(received).has(added.id)).toBe(true);
  });
});

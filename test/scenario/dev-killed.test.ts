import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedDirectory } from '../../local/simulators/simulated-directory.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import type { ReceivedEvent } from '../support/feed-under-test.ts';
import { readEvents, runUcf, startUcf } from '../support/run-ucf.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

/** How many processes are killed; their moments are spread over a whole run, from its start to after its end. */
const kills = 8;

let folder: string;
let account: SimulatedAccount;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-killed-'));
  account = await startAccount('openproject', { baseline: 'emit' }, 20);
});

afterEach(async () => {
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

/** What a consumer has to know in the end, in the words of `consume`. */
function presentUsers(directory: SimulatedDirectory): Map<string, string> {
  const status: Record<string, string> = {
    active: 'active',
    locked: 'suspended',
    invited: 'invited',
    registered: 'pending',
  };
  return new Map(
    directory
      .people()
      .map((person) => [person.id, `${person.givenName} ${person.familyName} ${status[person.status]}`]),
  );
}

describe('ucf dev --once, killed again and again', () => {
  it('loses nothing and publishes nothing under a second id', async () => {
    const events = join(folder, 'events.jsonl');
    const config = await writeConnections(folder, [account.connection]);
    const args = ['dev', '--once', '--config', config, '--state', join(folder, 'state'), '--events', events];
    const startedMs = performance.now();
    await runUcf(args, account.env);
    const runMs = performance.now() - startedMs;

    for (let kill = 0; kill < kills; kill += 1) {
      account.simulator.directory.advance();
      const child = startUcf(args, account.env);
      await sleep((runMs * (kill + 1)) / kills);
      child.kill();
      await child.done;
    }
    const last = [await runUcf(args, account.env), await runUcf(args, account.env), await runUcf(args, account.env)];

    const received = (await readEvents(events)).map(
      ({ 'detail-type': type, detail }) => ({ type, ...detail }) as unknown as ReceivedEvent,
    );
    expect(last.map(({ exitCode }) => exitCode)).toStrictEqual([0, 0, 0]);
    expect(contractFaults(received)).toStrictEqual([]);
    expect(consume(received)).toStrictEqual(presentUsers(account.simulator.directory));
  });
});

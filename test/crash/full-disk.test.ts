import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { consume, contractFaults } from '../support/consumer.ts';
import type { ReceivedEvent } from '../support/feed-under-test.ts';
import { readEvents, runUcf, startUcf, type UcfChild, type UcfRun } from '../support/run-ucf.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { makeSmallDisk, type SmallDisk } from './small-disk.ts';

const megabytes = 8;
const disk = makeSmallDisk(megabytes);

let folder: string;
let account: SimulatedAccount;
let config: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-full-'));
  account = await startAccount('openproject', { baseline: 'emit', every: '1s' });
  config = await writeConnections(folder, [account.connection]);
});

afterEach(async () => {
  await account.simulator.close();
  await rm(folder, { recursive: true });
  if (typeof disk !== 'string') await rm(join(disk.path, basename(folder)), { recursive: true, force: true });
});

afterAll(() => {
  if (typeof disk !== 'string') disk.remove();
});

function diskOf({ skip }: TestContext): SmallDisk {
  return typeof disk === 'string' ? skip(disk) : disk;
}

/** `ucf dev` over a folder of this disk; its events are kept elsewhere. */
const words = (state: string, ...more: readonly string[]) => {
  const subscribers = ['--queue', 'users', '--queue-port', '0'];
  return [
    'dev',
    ...more,
    '--config',
    config,
    '--state',
    state,
    '--events',
    join(folder, 'events.jsonl'),
    ...subscribers,
  ];
};

/** Takes all the room there is but so many bytes. */
async function fill({ path }: SmallDisk, leftBytes = 0) {
  const filler = join(path, 'filler');
  let bytes = 0;
  const block = Buffer.alloc(4_096);
  while (
    await writeFile(filler, block, { flag: 'a' }).then(
      () => true,
      () => false,
    )
  )
    bytes += block.length;
  if (leftBytes > 0) await truncate(filler, bytes - leftBytes);
  return { makeRoom: () => rm(filler) };
}

async function received(): Promise<readonly ReceivedEvent[]> {
  const events = await readEvents(join(folder, 'events.jsonl'));
  return events.map(({ 'detail-type': type, detail }) => ({ type, ...detail }) as unknown as ReceivedEvent);
}

/** Nothing lost, nothing invented: after one more run the consumer knows everybody, under numbers without a gap. */
async function expectTruth(state: string) {
  const { exitCode } = await runUcf(words(state, '--once'), account.env);
  const events = await received();
  expect(exitCode).toBe(0);
  expect(contractFaults(events)).toStrictEqual([]);
  expect([...consume(events).keys()].toSorted()).toStrictEqual(
    account.simulator.directory
      .people()
      .map(({ id }) => id)
      .toSorted(),
  );
}

describe('a state folder on a full disk', () => {
  it.for([
    ['nothing', 0],
    ['hardly anything', 12_288],
  ] as const)(
    'is refused by its name where there is room for %s, and goes on where it stood',
    async ([, leftBytes], context) => {
      const own = diskOf(context);
      const state = join(own.path, basename(folder));
      await runUcf(words(state, '--once'), account.env);
      account.simulator.directory.advance();

      const { makeRoom } = await fill(own, leftBytes);
      const refused = await runUcf(words(state, '--once'), account.env);
      await makeRoom();

      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toMatch(new RegExp(`^ucf: the state folder .*${state}.*No space left on device`, 'm'));
      expect(refused.stderr).not.toContain('    at ');
      await expectTruth(state);
    },
  );

  it('that fills up while it is swept ends the process in words, and nothing is lost', async (context) => {
    const own = diskOf(context);
    const state = join(own.path, basename(folder));
    const running = startUcf(words(state, '--no-console'), account.env);
    await running.noted('baseline seen=');

    const { makeRoom } = await fill(own);
    const ended = await changeUntilEnded(running);
    await makeRoom();

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/ucf: the state folder .*No space left on device.*start again/);
    expect(ended.stderr).not.toContain('    at ');
    await expectTruth(state);
  });
});

describe('a state folder that is read-only', () => {
  it('is refused by its name, and goes on where it stood once it can be written', async (context) => {
    const own = diskOf(context);
    const state = join(own.path, basename(folder));
    await runUcf(words(state, '--once'), account.env);
    account.simulator.directory.advance();

    own.setReadOnly(true);
    const refused = await runUcf(words(state, '--once'), account.env);
    const looked = await runUcf(['connections', 'list', '--state', state]);
    own.setReadOnly(false);

    expect([refused.exitCode, looked.exitCode]).toStrictEqual([2, 2]);
    for (const { stderr } of [refused, looked]) expect(stderr).toMatch(new RegExp(`^ucf: .*${state}.*Read-only`, 'm'));
    await expectTruth(state);
  });
});

/** Somebody changes every now and then, until the process has ended. */
async function changeUntilEnded(child: UcfChild): Promise<UcfRun> {
  const over = new AbortController();
  const done = child.done.finally(() => over.abort());
  while (!over.signal.aborted) {
    account.simulator.directory.advance();
    await sleep(1_000, undefined, { signal: over.signal }).catch(() => undefined);
  }
  return done;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { connectionId } from '../../src/model/ids.ts';
import { believe, numbersOf } from '../support/believe.ts';
import { startMortalBus } from '../support/mortal-bus.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';

const id = 'acme-openproject';
const parameter = '/ucf/acme';
const minuteMs = 60_000;

let account: SimulatedAccount;
let bus: Awaited<ReturnType<typeof startMortalBus>>;
let stack: LoopbackStack;
let folder: string;

beforeEach(async () => {
  capturePrinted();
  const settings = { credentials: { apiKey: { ssm: parameter } }, baseline: 'emit', options: { pageSize: 100 } };
  account = await startAccount('openproject', settings, 5);
  bus = await startMortalBus();
  const parameters = { [parameter]: Object.values(account.env)[0] ?? '' };
  stack = await startStackOnLoopback({ parameters, busAddress: bus.endpoint });
  folder = await mkdtemp(join(tmpdir(), 'ucf-recovery-'));
  await ucf('connections', 'apply', await writeConnections(folder, [account.connection]));
  await ucf('sweep', id);
});

afterEach(async () => {
  await stack.close();
  await bus.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const ucf = (...words: readonly string[]) =>
  runUcfHere([...words, '--stack', stack.name], { ...stack.env, AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint });

/** A user more, and a sweep of its own accord that finds him; with the stream, as far as there is one. */
async function arrive(userName: string) {
  account.simulator.directory.add({ userName });
  stack.feed.clock.nowMs += 1;
  await stack.feed.sweep(JSON.stringify({ connectionId: id }));
  await stack.feed.stream.deliver(connectionId(id));
}

/** The events that consumers got, once each, in the order of the contract, without a gap; and whom they know by them. */
function expectTruth(taken: readonly BusEvent[]) {
  const { ids } = numbersOf(taken);
  const numbers = [...new Set(numbersOf(taken).numbers)];
  expect(numbers).toStrictEqual(numbers.map((_, at) => `1/${at + 1}`));
  expect(ids).toBe(numbers.length);
  const names = account.simulator.directory.people().map((person) => [person.id, person.userName] as const);
  expect([...believe(taken)].toSorted()).toStrictEqual([...names].toSorted());
}

describe('a bus that was deleted and made again', () => {
  it('gets from the log what it missed, with redrive from before it was gone: nothing lost, no id twice', async () => {
    stack.feed.clock.nowMs += 1_000;
    const before = new Date(stack.feed.clock.nowMs).toISOString();
    bus.bus.isThere = false;
    await arrive('dropped');
    stack.feed.clock.nowMs += minuteMs;
    await arrive('kept in the log');
    const { dropped } = bus.bus;

    const doctor = await ucf('doctor');
    bus.bus.isThere = true;
    const redriven = await ucf('redrive', '--all', '--from', before, '--yes');
    stack.feed.clock.nowMs += minuteMs;
    await arrive('after');

    expect([dropped, doctor.exitCode, redriven.exitCode]).toStrictEqual([1, 1, 0]);
    expect(doctor.stdout).toMatch(/the bus users does not exist|event bus users does not exist/);
    expect(redriven.stdout).toBe(`${id}: 2 events published\n`);
    expectTruth(bus.taken);
  });

  it('gets what was noticed to be missing without anybody, with the next sweep after five minutes', async () => {
    bus.bus.isThere = false;
    stack.feed.clock.nowMs += 2 * minuteMs;
    await arrive('kept in the log');
    bus.bus.isThere = true;
    stack.feed.clock.nowMs += 6 * minuteMs;
    await ucf('sweep', id);

    expect(bus.bus.dropped).toBe(0);
    expectTruth(bus.taken);
  });
});

describe('stream records that have expired before they were published', () => {
  it('are told by doctor, and published from the log with redrive, once and in order', async () => {
    const { deliver } = stack.feed.stream;
    stack.feed.stream.deliver = async () => undefined;
    await arrive('first');
    await arrive('second');
    stack.feed.clock.nowMs += 2 * minuteMs;
    const missed = bus.taken.length;

    const doctor = await ucf('doctor');
    const redriven = await ucf('redrive', '--all');
    const again = await ucf('redrive', '--all');
    stack.feed.stream.deliver = deliver;
    await arrive('third');

    expect(doctor.stdout).toContain('events are not on the bus');
    expect([redriven.stdout, again.stdout]).toStrictEqual([
      `${id}: 2 events published\n`,
      `${id}: 0 events published\n`,
    ]);
    expect(bus.taken.slice(missed).map(({ detail }) => (detail.data as { user: object }).user)).toMatchObject([
      { userName: 'first' },
      { userName: 'second' },
      { userName: 'third' },
    ]);
    expectTruth(bus.taken);
  });

  it('are published by the next sweep without anybody, once they have waited for five minutes', async () => {
    const { deliver } = stack.feed.stream;
    stack.feed.stream.deliver = async () => undefined;
    await arrive('first');
    stack.feed.clock.nowMs += 6 * minuteMs;
    stack.feed.stream.deliver = deliver;
    await ucf('sweep', id);

    expect(await stack.feed.store.readPublished(connectionId(id))).toBeGreaterThan(1);
    expectTruth(bus.taken);
  });
});

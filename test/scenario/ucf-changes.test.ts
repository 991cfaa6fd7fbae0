import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { readEvents, type UcfRun } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { essence } from './ucf-story.ts';

const id = 'acme-openproject';

let account: SimulatedAccount;
let folder: string;
let leaver: string;
/** What the bus took while the feed ran. */
let delivered: readonly BusEvent[];

const run = (...words: readonly string[]) => runUcfHere([...words, '--state', join(folder, 'state')], account.env);
const eventsIn = (name: string) => readEvents(join(folder, name));
const linesOf = <T>({ stdout }: UcfRun) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
const idsOf = (events: readonly BusEvent[]) =>
  events.map(({ detail }) => (detail.metadata as { eventId: string }).eventId);
const originsOf = (events: readonly BusEvent[]) => [
  ...new Set(events.map(({ detail }) => (detail.metadata as { origin: string }).origin)),
];

beforeAll(async () => {
  account = await startAccount('openproject', { options: { pageSize: 100 } });
  folder = await mkdtemp(join(tmpdir(), 'ucf-changes-'));
  const config = await writeConnections(folder, [account.connection]);
  const once = () => run('dev', '--once', '--config', config, '--events', join(folder, 'events.jsonl'));
  const { directory } = account.simulator;
  await once();
  leaver = directory.people()[0]?.id ?? '';
  directory.remove(leaver);
  directory.add({ familyName: 'Arrived' });
  await once();
  directory.add({ familyName: 'Second' });
  await once();
  delivered = await eventsIn('events.jsonl');
});

afterAll(async () => {
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

describe('ucf changes', () => {
  it('prints what the bus was given, from any place on', async () => {
    const all = await run('changes', id, '--json');
    const some = await run('changes', id, '--after', '1', '--limit', '2', '--json');
    const deleted = await run('changes', id, '--type', 'user.deleted');
    const ahead = await run('changes', id, '--after', '99');

    expect(linesOf<BusEvent>(all).map(essence)).toStrictEqual(delivered.map(essence));
    expect(idsOf(linesOf(some))).toStrictEqual(idsOf(delivered).slice(1, 3));
    expect(deleted.stdout).toMatch(new RegExp(`^ +\\d+ .* user.deleted +${id} ${leaver} `));
    expect([ahead.exitCode, ahead.stderr]).toStrictEqual([1, expect.stringContaining('there is no sequence 99 yet')]);
  });

  it('follows no state folder, to which nobody else can commit', async () => {
    expect(await run('changes', id, '--follow')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/ucf dev/),
    });
  });
});

describe('ucf users', () => {
  it('lists who is there, and from which position to go on', async () => {
    const { stdout } = await run('users', 'list', id, '--with-sequence', '--json');
    const [first, ...users] = linesOf<{ position?: object; userId: string }>({ stdout } as UcfRun);
    const present = account.simulator.directory.people().map((person) => person.id);

    expect(first).toStrictEqual({ position: { connectionId: id, epoch: 1, sequence: delivered.length } });
    expect(users.map(({ userId }) => userId).sort()).toStrictEqual(present.toSorted());
  });

  it('shows one, and what happened to him', async () => {
    const shown = await run('users', 'show', id, leaver);
    const history = await run('users', 'history', id, leaver);
    const unknown = await run('users', 'show', id, 'nobody');

    expect(shown.stdout).toMatch(/presence +gone/);
    expect(history.stdout).toMatch(/\(silent\) revision 1, live[\s\S]*user\.deleted/);
    expect([unknown.exitCode, unknown.stderr]).toStrictEqual([2, expect.stringContaining('has never had such a user')]);
  });
});

describe('ucf resync, replay and redrive over a state folder', () => {
  it('ask where to, who is to hear it, and whether that is meant', async () => {
    const target = await run('resync', id);
    const file = await run('replay', id, '--to-bus');
    const yes = await run('resync', id, '--to-bus', '--events', join(folder, 'none.jsonl'));
    const which = await run('redrive', '--events', join(folder, 'none.jsonl'));

    for (const [{ exitCode, stderr }, fault] of [
      [target, /--to-queue or --to-bus: is missing/],
      [file, /--events: is missing: the bus of a state folder has no other subscriber/],
      [yes, /--yes: is missing/],
      [which, /give the id of one, or --all/],
    ] as const) {
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(fault);
    }
  });

  it('state the present of everybody, and of one', async () => {
    const all = await run('resync', id, '--to-bus', '--events', join(folder, 'all.jsonl'), '--yes', '--json');
    const one = await run('resync', id, '--user', leaver, '--to-bus', '--events', join(folder, 'one.jsonl'), '--yes');
    const told = await eventsIn('all.jsonl');
    const created = told.filter((event) => event['detail-type'] === 'user.created');
    const present = account.simulator.directory.people();

    expect(all).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(all.stdout)).toMatchObject({ connectionId: id, events: present.length + 1 });
    expect(originsOf(told)).toStrictEqual(['resync']);
    expect(created.map(({ detail }) => (detail.metadata as { userId: string }).userId).sort()).toStrictEqual(
      present.map((person) => person.id).sort(),
    );
    expect(one.stdout).toContain('1 events sent');
    expect((await eventsIn('one.jsonl')).map((event) => event['detail-type'])).toStrictEqual(['user.deleted']);
  });

  it('repeat events of the log under their ids', async () => {
    const file = join(folder, 'again.jsonl');
    const replayed = await run('replay', id, '--from', '2', '--to-bus', '--events', file, '--yes');
    const told = await eventsIn('again.jsonl');

    expect(replayed.exitCode).toBe(0);
    expect(idsOf(told)).toStrictEqual(idsOf(delivered).slice(1));
    expect(originsOf(told)).toStrictEqual(['replay']);
  });

  it('publish nothing that is published, unless a time says so', async () => {
    const file = join(folder, 'redriven.jsonl');
    const none = await run('redrive', '--all', '--events', file, '--json');
    const again = await run('redrive', id, '--from', '2026-01-01', '--events', file, '--yes');

    expect(JSON.parse(none.stdout)).toStrictEqual({ connections: [{ connectionId: id, events: 0 }] });
    expect(again.stdout).toBe(`${id}: ${delivered.length} events published\n`);
    expect((await eventsIn('redriven.jsonl')).map(essence)).toStrictEqual(delivered.map(essence));
  });
});

import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { connectionId } from '../../src/model/ids.ts';
import { believe, numbersOf } from '../support/believe.ts';
import type { UcfRun } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount } from '../support/simulated-account.ts';
import { dumpTable, printed, tellUcfStory, type UcfStory } from './ucf-story.ts';

let account: SimulatedAccount;
let story: UcfStory;

beforeEach(async () => {
  account = await startAccount('openproject', { baseline: 'emit', deletion: { probe: false } }, 5);
  story = await tellUcfStory(account);
});

afterEach(() => story.end());

const id = connectionId('acme-openproject');
const table = () => join(story.state, 'table');
const copy = () => join(story.state, 'copy');

const ucf = (...words: readonly string[]) => runUcfHere([...words, '--state', story.state], account.env);

/** One run over all connections, and the events it delivered. */
async function sweepOnce(): Promise<UcfRun & { readonly events: readonly BusEvent[] }> {
  const run = await ucf('dev', '--once', '--json', '--config', await story.writeConfig({}));
  const lines = run.stdout.split('\n').filter((line) => line.includes('"detail-type"'));
  return { ...run, events: lines.map((line) => JSON.parse(line) as BusEvent) };
}

async function putBack(): Promise<void> {
  await rm(table(), { recursive: true });
  await cp(copy(), table(), { recursive: true });
}

describe('a state folder whose table was put back from a copy', () => {
  it('is not swept until it has recovered, and then tells what differs in a new epoch', async () => {
    const { directory } = account.simulator;
    const events: BusEvent[] = [];
    const runOnce = async () => {
      const run = await sweepOnce();
      events.push(...run.events);
      return run;
    };
    const rename = (at: number, userName: string) => directory.change(directory.people()[at]?.id ?? '', { userName });
    await runOnce();
    await cp(table(), copy(), { recursive: true });
    rename(0, 'first');
    directory.add({ userName: 'added' });
    await runOnce();
    rename(0, 'second');
    await runOnce();
    await putBack();
    const before = [await dumpTable(story.state), events.length];

    const refused = [await runOnce(), await ucf('sweep', id)];
    const looked = [await ucf('connections', 'list'), await ucf('holds', 'list')];
    const doctor = await ucf('doctor', '--json');
    const unasked = await ucf('doctor', '--recover');
    expect([await dumpTable(story.state), events.length]).toStrictEqual(before);
    const recovered = await ucf('doctor', '--recover', '--yes', '--by', 'ada');
    const again = await ucf('doctor', '--recover', '--yes');
    const foreseen = await ucf('sweep', id, '--dry-run', '--json');
    await runOnce();

    for (const run of refused) {
      expect(run.stderr).toContain('the table was restored from a backup or replaced');
      expect(run.stderr).toContain(`ucf doctor --recover --state ${story.state}`);
    }
    expect(printed<{ findings: readonly unknown[] }>(doctor).findings[0]).toMatchObject({ kind: 'restored' });
    expect(recovered.stdout).toContain('the feed is in epoch 2 now');
    expect(again.stdout).toContain('nothing to recover');
    const codes = [...refused, ...looked, doctor, unasked, recovered, again].map(({ exitCode }) => exitCode);
    expect(codes).toStrictEqual([1, 1, 0, 0, 1, 2, 0, 0]);
    const { numbers, ids } = numbersOf(events);
    expect(numbers.slice(-2)).toStrictEqual(['2/7', '2/8']);
    expect(numbersOf(printed<{ events: BusEvent[] }>(foreseen).events).numbers).toStrictEqual(['2/7', '2/8']);
    expect(ids).toBe(events.length);
    const names = directory.people().map((person) => [person.id, person.userName] as const);
    expect([...believe(events)].toSorted()).toStrictEqual([...new Map(names)].toSorted());
    expect(events.map(({ 'detail-type': type }) => type)).not.toContain('user.deleted');
  });

  it('that was put back as a whole is given a new epoch by whoever says so', async () => {
    await sweepOnce();

    const asked = await ucf('doctor', '--recover', '--yes', '--json');
    const forced = await ucf('doctor', '--recover', '--force', '--yes', '--by', 'ada', '--json');

    expect(printed(asked)).toStrictEqual({ recovered: false });
    expect(asked.stderr).toContain('add --force');
    expect(printed(forced)).toStrictEqual({ recovered: true, epoch: 2, by: 'ada' });
    expect((await sweepOnce()).exitCode).toBe(0);
  });
});

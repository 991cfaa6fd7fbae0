import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedTable } from '../../local/embedded-table.ts';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { connectionId } from '../../src/model/ids.ts';
import { believe, numbersOf } from '../support/believe.ts';
import { type LosablePart, loseItems } from '../support/lose-items.ts';
import { type SimulatedAccount, startAccount } from '../support/simulated-account.ts';
import { essence, tellUcfStory, type UcfStory } from './ucf-story.ts';

const id = connectionId('acme-openproject');

let account: SimulatedAccount;
let story: UcfStory;
let told: BusEvent[];

beforeEach(async () => {
  account = await startAccount('openproject', { baseline: 'emit', options: { pageSize: 100 } }, 5);
  story = await tellUcfStory(account);
  told = [];
  await runOnce();
});

afterEach(() => story.end());

async function runOnce() {
  const run = await story.runOnce();
  told.push(...run.events);
  return run;
}

async function lose(part: LosablePart): Promise<void> {
  const table = await startEmbeddedTable(story.state);
  await loseItems(table, [id, part]);
  await table.close();
}

const people = () => account.simulator.directory.people();

describe('a state folder whose entries were lost', () => {
  it('is rebuilt from its log by the next run after ucf rebuild, which tells what has changed and nothing else', async () => {
    const [changed = '', left = ''] = people().map((person) => person.id);
    await lose('entries');
    account.simulator.directory.change(changed, { userName: 'changed meanwhile' });
    account.simulator.directory.remove(left);

    const stopped = await runOnce();
    const dry = await story.run('rebuild', id, '--dry-run');
    const asked = await story.run('rebuild', id, '--yes', '--by', 'ada');
    const rebuilt = await runOnce();
    const whole = await story.run('rebuild', id, '--dry-run');

    expect([stopped, dry, asked, rebuilt, whole].map(({ exitCode }) => exitCode)).toStrictEqual([1, 1, 0, 0, 0]);
    expect(stopped.stderr).toContain(`ucf rebuild ${id}`);
    expect(stopped.events).toStrictEqual([]);
    expect(dry.stdout).toBe('entries are lost of 5 of 5 users: 5 are in the log, 0 are lost for good\n');
    expect(rebuilt.events.map(essence).map(({ type, userId }) => [type, userId])).toStrictEqual([
      ['user.updated', changed],
      ['user.deleted', left],
    ]);
    const { numbers, ids } = numbersOf(told);
    expect([numbers, ids]).toStrictEqual([numbers.map((_, at) => `1/${at + 1}`), told.length]);
    const names = people().map((person) => [person.id, person.userName] as const);
    expect([...believe(told)].toSorted()).toStrictEqual([...names].toSorted());
  });
});

describe('a state folder whose index shards were lost', () => {
  it('makes them again with the next run, and tells nobody anything', async () => {
    await lose('index');

    const run = await runOnce();
    const whole = await story.run('rebuild', id, '--dry-run');

    expect([run.exitCode, run.events, whole.exitCode]).toStrictEqual([0, [], 0]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { type SimulatedAccount, startAccount } from '../support/simulated-account.ts';
import { dumpTable, printed, tellUcfStory, type UcfStory } from './ucf-story.ts';

let account: SimulatedAccount;
let story: UcfStory;

beforeEach(async () => {
  account = await startAccount('openproject', { baseline: 'emit' });
  story = await tellUcfStory(account);
});

afterEach(() => story.end());

const id = 'acme-openproject';

function sequencesOf(events: readonly BusEvent[]): readonly number[] {
  return events.map(({ detail }) => (detail.metadata as { sequence: number }).sequence);
}

describe('ucf users purge', () => {
  it('leaves no value of a user anywhere in the table, at once or with the next tick', async () => {
    const { directory } = account.simulator;
    const stays = directory.add({ familyName: 'Markerstays', title: 'Markertitle' });
    const leaves = directory.add({ familyName: 'Markerleaves', email: 'markermail@example.com' });
    await story.runOnce();
    directory.change(stays.id, { familyName: 'Markeragain' });
    directory.remove(leaves.id);
    await story.runOnce();
    expect(await dumpTable(story.state)).toMatch(/Marker/);

    const later = await story.run('users', 'purge', id, leaves.id, '--yes');
    const now = await story.run('users', 'purge', id, stays.id, '--now', '--yes');
    const after = await story.runOnce();

    expect([later.exitCode, now.exitCode, after.exitCode]).toStrictEqual([0, 0, 0]);
    expect(later.stdout).toContain('The next tick');
    expect(after.events).toStrictEqual([]);
    expect(await dumpTable(story.state)).not.toMatch(/marker/i);
  });
});

describe('ucf connections remove', () => {
  it('publishes connection.removed once and no deletion, and goes on where the connection is added again', async () => {
    const baseline = await story.runOnce();
    const removed = await story.run('connections', 'remove', id, '--yes', '--by', 'ada', '--json');
    const listed = await story.run('connections', 'list', '--json');
    const added = await story.runOnce();
    const known = await story.run('connections', 'show', id);

    const { events, isRemoved } = printed<{ events: BusEvent[]; isRemoved: boolean }>(removed);
    expect(removed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(isRemoved).toBe(true);
    expect(events.map((event) => event['detail-type'])).toStrictEqual(['connection.removed']);
    expect(printed(listed)).toStrictEqual({ connections: [] });
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    const all = sequencesOf([...baseline.events, ...events, ...added.events]);
    expect(all).toStrictEqual(all.map((_, at) => at + 1));
    expect(added.events.map((event) => event['detail-type'])).not.toContain('user.deleted');
    expect(known.stdout).toContain('TEST_OPENPROJECT_KEY');
    expect(known.stdout).not.toContain(account.env.TEST_OPENPROJECT_KEY);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { summariesOf } from '../support/run-ucf.ts';
import { type SimulatedAccount, startAccount } from '../support/simulated-account.ts';
import { dumpTable, essence, printed, tellUcfStory, type UcfStory } from './ucf-story.ts';

type ListedHolds = { holds: { holdId: string; connectionId: string; memberCount: number }[] };

const users = 64;
const gone = 30;

let approved: SimulatedAccount;
let rejected: SimulatedAccount;
let story: UcfStory;

beforeEach(async () => {
  const settings = { deletion: { probe: false } };
  approved = await startAccount('openproject', { ...settings, options: { pageSize: 100 } }, users);
  rejected = await startAccount('leen', settings, users);
  story = await tellUcfStory(approved, rejected);
});

afterEach(() => story.end());

function removeMany({ simulator: { directory } }: SimulatedAccount): readonly string[] {
  const removed = directory.people().slice(0, gone);
  for (const { id } of removed) directory.remove(id);
  return removed.map(({ id }) => id).sort();
}

async function openHolds(): Promise<readonly string[]> {
  const { holds } = printed<ListedHolds>(await story.run('holds', 'list', '--json'));
  const held = { kind: 'deleted', reason: 'brake', memberCount: gone, isOpen: true };
  expect(holds).toMatchObject([
    { connectionId: 'acme-leen', ...held },
    { connectionId: 'acme-openproject', ...held },
  ]);
  return holds.map(({ holdId }) => holdId);
}

function deletedUsers(events: readonly BusEvent[]): readonly string[] {
  const deleted = events.filter((event) => event['detail-type'] === 'user.deleted');
  return deleted.map(({ detail }) => (detail.metadata as { userId: string }).userId).sort();
}

describe('ucf holds', () => {
  it('keeps a mass deletion back until it is approved, and then publishes what the dry run showed', async () => {
    await story.runOnce();
    const leavers = removeMany(approved);
    removeMany(rejected);
    const once = await story.runOnce();
    const held = await story.runOnce();

    expect([once.exitCode, held.exitCode]).toStrictEqual([0, 1]);
    expect(summariesOf(held)['acme-openproject']).toBe(
      'held seen=34 created=0 updated=0 status_changed=0 deleted=0 held=30',
    );
    const [toReject = '', toApprove = ''] = await openHolds();
    const shown = await story.run('holds', 'show', toApprove);
    expect(shown.stdout).toContain('30 of 30 shown');
    expect(shown.stdout.match(/user\.deleted .* released from/g)).toHaveLength(gone);

    const before = await dumpTable(story.state);
    const dry = await story.run('sweep', 'acme-openproject', '--dry-run', '--approve', toApprove, '--json');
    expect(await dumpTable(story.state)).toBe(before);
    const { events: foreseen } = printed<{ events: BusEvent[] }>(dry);
    expect(dry.exitCode).toBe(0);
    expect(deletedUsers(foreseen)).toStrictEqual(leavers);

    const approval = await story.run('holds', 'approve', toApprove, '--by', 'ada', '--why', 'the office has closed');
    const again = await story.run('holds', 'approve', toApprove, '--by', 'bob');
    const rejection = await story.run('holds', 'reject', toReject, '--by', 'ada', '--yes');
    expect([approval.exitCode, again.exitCode, rejection.exitCode]).toStrictEqual([0, 1, 0]);
    expect(again.stderr).toContain('was approved by ada');

    const released = await story.runOnce();
    const eventsOf = (id: string) => released.events.filter(({ detail }) => connectionOf(detail) === id);
    expect(released.exitCode).toBe(0);
    expect(eventsOf('acme-openproject').map(essence)).toStrictEqual(foreseen.map(essence));
    expect(eventsOf('acme-leen').map((event) => event['detail-type'])).toStrictEqual(['connection.changes_rejected']);
    const ended = await story.run('holds', 'list', '--all', '--json');
    expect(printed(ended)).toMatchObject({
      holds: [
        { connectionId: 'acme-leen', isOpen: false, decision: { verdict: 'rejected' }, end: { ending: 'rejected' } },
        { connectionId: 'acme-openproject', isOpen: false, decision: { by: 'ada' }, end: { settled: gone } },
      ],
    });
  });
});

function connectionOf({ metadata }: BusEvent['detail']): unknown {
  return (metadata as { connectionId: string }).connectionId;
}

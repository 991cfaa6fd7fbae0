import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { countVolatility, volatileFields } from '../../src/sweep/volatility.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

/** Stories about what a sweep concludes: the store is one in memory. */
const table = 'memory';

const six = ['1', '2', '3', '4', '5', '6'];
const counted: Partial<UserList> = {
  projection: [{ path: 'title' }, { path: 'vendorAttributes.seats' }],
  hasDelta: true,
};

async function afterBaseline(): Promise<ToldStory> {
  const story = await tellStory(table, six, 6);
  await story.sweep(counted);
  return story;
}

let turns = 0;

/** Lets so many users change: their titles, and what only this vendor has. */
async function sweepAfter(story: ToldStory, changed: number, settings: Partial<UserList> = counted) {
  turns += 1;
  for (const id of six.slice(0, changed))
    story.vendor.users.set(id, aUser(id, { title: `Title ${turns}`, vendorAttributes: { seats: turns } }));
  return story.sweep(settings);
}

describe('a field that changes for most users in most sweeps', () => {
  it('is named by each of these reports, and by the state once there are enough', async () => {
    const story = await afterBaseline();

    const first = await sweepAfter(story, 4);
    await sweepAfter(story, 6);
    const soon = volatileFields(await story.state());
    await sweepAfter(story, 5);
    const later = volatileFields(await story.state());

    const both = ['title', 'vendorAttributes.seats'];
    expect([first.restlessFields, soon, later]).toStrictEqual([both, [], both]);
    expect((await story.state()).volatility).toStrictEqual({
      sweeps: 3,
      fields: { title: 3, 'vendorAttributes.seats': 3 },
    });
  });

  it('is not one that changes for half of them, or in half of the sweeps', async () => {
    const story = await afterBaseline();
    const half = await sweepAfter(story, 3);
    for (const changed of [6, 0, 6]) await sweepAfter(story, changed);

    expect(half).not.toHaveProperty('restlessFields');
    expect((await story.state()).volatility?.sweeps).toBe(4);
    expect(volatileFields(await story.state())).toStrictEqual([]);
  });

  it('is only what a complete full sweep of the same list has seen changing', async () => {
    const story = await afterBaseline();
    const before = (await story.state()).volatility;
    story.vendor.traps.vetoes = ['is_partial_response'];
    const partial = await sweepAfter(story, 6);
    story.vendor.traps = {};
    await story.sweep(counted, { mode: 'delta' });
    await sweepAfter(story, 6, { ...counted, scope: '{"status":"active"}' });
    await sweepAfter(story, 6, { ...counted, directory: 'another directory' });

    expect(partial.outcome).toBe('incomplete');
    expect((await story.state()).volatility).toStrictEqual(before);
  });

  it('is none any more once it is ignored, and fades', async () => {
    const story = await afterBaseline();
    for (let sweep = 0; sweep < 3; sweep += 1) await sweepAfter(story, 6);
    const ignoring = { ...counted, ignoredFields: ['title'] };
    const reports = [];
    for (let sweep = 0; sweep < 3; sweep += 1) reports.push(await sweepAfter(story, 6, ignoring));

    expect(reports.map(({ restlessFields }) => restlessFields)).toStrictEqual(
      Array(3).fill(['vendorAttributes.seats']),
    );
    expect(volatileFields(await story.state())).toStrictEqual(['vendorAttributes.seats']);
  });

  it('fades as fast after a hundred sweeps as after twenty', async () => {
    const story = await afterBaseline();
    const restless = await sweepAfter(story, 6);
    const { restlessFields: _, ...quiet } = restless;
    let state: Pick<ConnectionState, 'volatility'> = {};
    const sweep = (report: typeof quiet, times: number) => {
      for (let sweeps = 0; sweeps < times; sweeps += 1) state = { ...state, ...countVolatility(state, report) };
      return volatileFields(state).length;
    };

    expect([sweep(restless, 100), sweep(quiet, 20), sweep(quiet, 40)]).toStrictEqual([2, 0, 0]);
    expect(state.volatility?.fields).toStrictEqual({});
  });
});

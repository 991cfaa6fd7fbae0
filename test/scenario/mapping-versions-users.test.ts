import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

type Version = Partial<UserList>;
const without: Version = { projection: [{ path: 'displayName' }, { path: 'title' }] };
const withBio: Version = { projection: [{ path: 'bio' }, { path: 'displayName' }, { path: 'title' }] };
const redefined: Version = { projection: [{ path: 'bio', since: 2 }, { path: 'displayName' }, { path: 'title' }] };
const six = ['1', '2', '3', '4', '5', '6'];

/** Everybody but the sixth has a `bio`, which the present version does not compare. */
async function beforeTheField(): Promise<ToldStory> {
  const story = await tellStory(table, six);
  for (const id of six.slice(0, 5)) change(story, id, { bio: `Bio ${id}` });
  await story.sweep(without);
  story.news();
  return story;
}

function change(story: ToldStory, id: string, fields: Partial<ObservedUser>): void {
  story.vendor.users.set(id, { ...(story.vendor.users.get(id) ?? aUser(id)), ...fields });
}

const told = (story: ToldStory, id: string) =>
  story
    .newsOf(id)
    .map(({ type, data }) => [type, ...data.changes.map(({ field, from, to }) => `${field}: ${from} > ${to}`)]);

describe('a field that counts from now on', () => {
  it('loses no later change, also of somebody who had no value when it began to count', async () => {
    const story = await beforeTheField();
    await story.sweep(withBio);
    change(story, '1', { bio: 'Newer' });
    change(story, '6', { bio: 'First' });
    await story.sweep(withBio);
    change(story, '1', { bio: 'Bio 1' });
    await story.sweep(withBio);

    expect(told(story, '1')).toStrictEqual([
      ['user.updated', 'bio: Bio 1 > Newer'],
      ['user.updated', 'bio: Newer > Bio 1'],
    ]);
    expect(told(story, '6')).toStrictEqual([['user.updated', 'bio: undefined > First']]);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('is known of whoever joins in the very sweep that it begins in', async () => {
    const story = await beforeTheField();
    story.vendor.users.set('7', aUser('7', { bio: 'Joined' }));
    await story.sweep(withBio);
    change(story, '7', { bio: 'Stayed' });

    await story.sweep(withBio);

    expect(told(story, '7')).toStrictEqual([['user.created'], ['user.updated', 'bio: Joined > Stayed']]);
  });

  it('is taken back before its absorption is complete, and nobody hears of it', async () => {
    const story = await beforeTheField();
    story.vendor.traps.failAtPage = 1;
    const half = await story.sweep(withBio);
    delete story.vendor.traps.failAtPage;
    change(story, '1', { bio: 'Newer' });
    change(story, '5', { title: 'Head' });

    await story.sweep(without);
    const whole = await story.sweep(withBio);

    expect([half.outcome, half.counts.silent, whole.outcome]).toStrictEqual(['incomplete', 3, 'complete']);
    expect(story.news()).toStrictEqual(['user.updated 5']);
  });

  it('publishes what changed after an incomplete sweep absorbed it', async () => {
    const story = await beforeTheField();
    story.vendor.traps.failAtPage = 1;
    await story.sweep(withBio);
    delete story.vendor.traps.failAtPage;
    for (const id of six) change(story, id, { bio: 'Newer' });

    const { counts } = await story.sweep(withBio);

    expect(story.news()).toStrictEqual(['user.updated 1', 'user.updated 2', 'user.updated 3']);
    expect(counts.silent).toBe(3);
  });
});

describe('a new version', () => {
  it('finds whoever missed its first sweeps as he was, and tells of what it can compare', async () => {
    const story = await beforeTheField();
    story.vendor.users.delete('3');
    await story.sweep(redefined);
    story.vendor.users.set('3', aUser('3', { title: 'Head', bio: 'Another bio' }));

    await story.sweep(redefined);
    change(story, '3', { bio: 'Yet another' });
    await story.sweep(redefined);

    expect(told(story, '3')).toStrictEqual([
      ['user.updated', 'title: undefined > Head'],
      ['user.updated', 'bio: Another bio > Yet another'],
    ]);
  });

  it('goes on counting absences, and deletes with the last known state', async () => {
    const story = await beforeTheField();
    story.vendor.users.delete('3');
    await story.sweep(without);
    await story.sweep(redefined);

    expect(story.news()).toStrictEqual(['user.deleted 3']);
    expect(story.newsOf('3')[0]?.data.user).toMatchObject({ id: '3', displayName: 'User 3', bio: 'Bio 3' });
    expect(story.newsOf('3')[0]?.metadata.reason).toMatchObject({ evidence: { missedSweeps: 2 } });
  });

  it('restores whoever was deleted under the last one, and knows him from then on', async () => {
    const story = await beforeTheField();
    story.vendor.users.delete('3');
    await story.sweep(without);
    await story.sweep(without);
    story.vendor.users.set('3', aUser('3', { bio: 'Back' }));
    await story.sweep(withBio);
    change(story, '3', { bio: 'Here' });

    await story.sweep(withBio);

    expect(told(story, '3')).toStrictEqual([['user.deleted'], ['user.created'], ['user.updated', 'bio: Back > Here']]);
    expect(story.newsOf('3')[1]).toMatchObject({ data: { restored: true }, metadata: { revision: 3 } });
  });

  it('tells the deletion of somebody whose word for the status has got another meaning', async () => {
    const story = await beforeTheField();
    await story.sweep({ projection: [] });
    change(story, '2', { status: 'deleted', rawStatus: 'GONE' });
    change(story, '4', { status: 'suspended', rawStatus: 'LOCKED' });
    change(story, '5', { rawStatus: 'ENABLED' });

    await story.sweep({ projection: [{ path: 'rawStatus', since: 2 }] });

    expect(story.news()).toStrictEqual(['user.deleted 2', 'user.status_changed 4']);
    expect(story.newsOf('4')[0]?.data.changedFields).toStrictEqual(['status']);
  });

  it('that nobody has on record is compared by the status alone', async () => {
    const story = await beforeTheField();
    const { projectionVersion = '' } = await story.state();
    await table.raw.delete({ pk: `connection#${story.id}`, sk: `projection#${projectionVersion}` });
    change(story, '1', { title: 'Head' });
    change(story, '2', { status: 'suspended', rawStatus: 'locked' });

    await story.sweep(redefined);
    change(story, '1', { title: 'Chief' });
    await story.sweep(redefined);

    expect(story.news()).toStrictEqual(['user.status_changed 2', 'user.updated 1']);
  });

  it('takes the absorbed vanishing of a field for no loss, and holds nothing', async () => {
    const story = await beforeTheField();
    for (const id of six) change(story, id, { title: `Title ${id}` });
    await story.sweep(withBio);
    story.news();
    for (const id of six) story.vendor.users.set(id, aUser(id, { title: `Title ${id}` }));

    const { outcome, counts, holds } = await story.sweep(redefined);

    expect([outcome, counts.silent, counts.held, holds]).toStrictEqual(['complete', 6, 0, []]);
    expect(consume(story.received).get('1')).toBe('User 1 active');
  });
});

import { describe, expect, it } from 'vitest';
import { openUserList } from '../../functions/open-user-list.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { findVendor, vendors } from '../../src/vendors/registry.ts';
import type { VendorIo } from '../../src/vendors/vendor.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { readWholeLog } from '../support/feed-under-test.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

/** Stories about what a sweep concludes: the store is one in memory. */
const table = 'memory';

const six = ['1', '2', '3', '4', '5', '6'];
const elsewhere: Partial<UserList> = { directory: 'another directory' };
const narrowed: Partial<UserList> = { scope: '{"status":"active"}', isNarrowed: true };

async function afterBaseline(): Promise<ToldStory> {
  const story = await tellStory(table, six);
  await story.sweep();
  story.news();
  return story;
}

/** Another list: the first user is not in it, the second is somebody else or has changed, the seventh is new. */
function moveOn({ vendor }: ToldStory): void {
  vendor.users.delete('1');
  vendor.users.set('2', aUser('2', { displayName: 'Another 2', title: 'Head' }));
  vendor.users.set('7', aUser('7'));
}

const factsOf = (story: ToldStory, id: string) =>
  story
    .newsOf(id)
    .map(({ type, metadata, data }) => [type, metadata.origin, metadata.revision, data.restored ?? false]);

describe('another directory', () => {
  it('is a new baseline in silence, after which it is watched like any other', async () => {
    const story = await afterBaseline();
    const before = await story.state();
    moveOn(story);

    const moved = await story.sweep(elsewhere);
    story.vendor.users.set('2', aUser('2', { displayName: 'Another 2', title: 'Chief' }));
    const next = await story.sweep(elsewhere);

    expect([moved.purpose, moved.outcome, moved.counts.silent, moved.counts.missing]).toStrictEqual([
      'baseline',
      'baseline',
      // One who left, one who is somebody else, one who is new.
      3,
      0,
    ]);
    expect([next.purpose, next.counts.unchanged]).toStrictEqual(['live', 5]);
    expect(story.news()).toStrictEqual(['connection.baseline_completed', 'user.updated 2']);
    expect(factsOf(story, '2')).toStrictEqual([['user.updated', 'live', 3, false]]);
    expect(story.newsOf('2')[0]?.data.before).toStrictEqual({ title: 'Head' });
    const after = await story.state();
    expect(after.counts).toStrictEqual({ pairs: 6, live: 6, tombstones: 1 });
    expect(after.lastComplete?.directory).toBe('another directory');
    expect(Date.parse(String(after.directorySince))).toBeGreaterThan(Date.parse(String(before.directorySince)));
  });

  it('publishes whoever is in it as created where that is asked for, with revisions that go on', async () => {
    const story = await afterBaseline();
    moveOn(story);

    await story.sweep({ ...elsewhere, baseline: 'emit' });

    expect(story.news().at(-1)).toBe('connection.baseline_completed');
    expect(factsOf(story, '2')).toStrictEqual([['user.created', 'baseline', 2, false]]);
    expect(factsOf(story, '7')).toStrictEqual([['user.created', 'baseline', 1, false]]);
    expect(story.newsOf('2')[0]?.metadata.window).not.toHaveProperty('notBefore');
    expect(consume(story.received).get('2')).toBe('Another 2 active');
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('publishes also whoever looks like the user of that id in the old one', async () => {
    const story = await afterBaseline();
    moveOn(story);

    await story.sweep({ ...elsewhere, baseline: 'emit' });

    const listed = ['2', '3', '4', '5', '6', '7'];
    expect(story.news()).toStrictEqual([...listed.map((id) => `user.created ${id}`), 'connection.baseline_completed']);
  });

  it('restores nobody: whoever was deleted in the old one is somebody else here', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('1');
    await story.sweep();
    await story.sweep();
    await story.sweep(elsewhere);
    story.vendor.users.set('1', aUser('1'));

    await story.sweep(elsewhere);

    expect(factsOf(story, '1')).toStrictEqual([
      ['user.deleted', 'live', 2, false],
      ['user.created', 'live', 3, false],
    ]);
    expect(story.newsOf('1')[1]?.metadata.reason).toStrictEqual({ code: 'appeared' });
  });

  it('forgets who was absent: a deletion takes two sweeps of this directory', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('3');
    await story.sweep();
    story.vendor.users.set('3', aUser('3'));
    await story.sweep(elsewhere);
    story.vendor.users.delete('3');

    await story.sweep(elsewhere);
    const afterOne = story.newsOf('3').length;
    await story.sweep(elsewhere);

    expect([afterOne, ...factsOf(story, '3')]).toStrictEqual([0, ['user.deleted', 'live', 2, false]]);
  });

  it('that is left again for the old one is a baseline once more, and deletes nobody on the way', async () => {
    const story = await afterBaseline();
    const old = [...story.vendor.users];
    moveOn(story);
    await story.sweep(elsewhere);
    story.vendor.users.clear();
    for (const [id, user] of old) story.vendor.users.set(id, user);

    const back = await story.sweep();
    const next = await story.sweep();

    expect([back.purpose, back.outcome, next.purpose, next.outcome]).toStrictEqual([
      'baseline',
      'baseline',
      'live',
      'complete',
    ]);
    expect(story.news()).toStrictEqual(['connection.baseline_completed', 'connection.baseline_completed']);
    expect(next.counts.unchanged).toBe(6);
    expect((await story.state()).counts).toStrictEqual({ pairs: 6, live: 6, tombstones: 1 });
  });

  it('is not swept any further on what the old one had shown: the checkpoint is dropped', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('9', aUser('9'));
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += 31_000;
    };
    const begun = await story.tick();
    story.vendor.traps = {};
    moveOn(story);

    const { purpose, counts, ticks } = await story.sweep(elsewhere);

    expect([begun.kind, purpose, counts.seen, ticks]).toStrictEqual(['suspended', 'baseline', 7, 1]);
    expect(story.news()).toStrictEqual(['connection.baseline_completed']);
  });
});

describe('a list that is cut differently', () => {
  it('repairs whoever is in both, and lets the others come and go in silence', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('1', aUser('1', { status: 'suspended', rawStatus: 'locked' }));
    moveOn(story);
    story.vendor.users.set('3', aUser('3', { status: 'suspended', rawStatus: 'locked' }));

    const cut = await story.sweep(narrowed);
    const next = await story.sweep(narrowed);

    expect([cut.purpose, cut.outcome, cut.counts.deleted, cut.counts.missing]).toStrictEqual([
      'rescope',
      'complete',
      0,
      0,
    ]);
    expect([next.purpose, next.counts.unchanged]).toStrictEqual(['live', 6]);
    expect(story.news()).toStrictEqual(['user.updated 2', 'user.status_changed 3']);
    expect([...factsOf(story, '2'), ...factsOf(story, '3')]).toStrictEqual([
      ['user.updated', 'repair', 2, false],
      ['user.status_changed', 'repair', 2, false],
    ]);
    expect((await story.state()).lastComplete?.scope).toBe(narrowed.scope);
  });

  it('publishes whoever is only in the new cut like a baseline does', async () => {
    const story = await afterBaseline();
    moveOn(story);

    await story.sweep({ ...narrowed, baseline: 'emit' });

    expect(story.news()).toStrictEqual(['user.updated 2', 'user.created 7']);
    expect(factsOf(story, '7')).toStrictEqual([['user.created', 'baseline', 1, false]]);
  });

  it('commits nothing while it is incomplete, and everything with the first complete sweep', async () => {
    const story = await afterBaseline();
    moveOn(story);
    const [before, log] = [await story.state(), await readWholeLog(story.feed.store, story.id)];
    story.vendor.traps.failAtPage = 1;

    const broken = await story.sweep(narrowed);
    const [after, logAfter] = [await story.state(), await readWholeLog(story.feed.store, story.id)];
    delete story.vendor.traps.failAtPage;
    const whole = await story.sweep(narrowed);

    expect([broken.purpose, broken.outcome, broken.counts.silent, whole.purpose]).toStrictEqual([
      'rescope',
      'incomplete',
      0,
      'rescope',
    ]);
    expect(logAfter).toStrictEqual(log);
    expect([after.position, after.counts, after.lastComplete, after.absent]).toStrictEqual([
      before.position,
      before.counts,
      before.lastComplete,
      before.absent,
    ]);
    expect(story.news()).toStrictEqual(['user.updated 2']);
  });

  it('starts no deletion of its own, but does not stop one that the new cut confirms', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('4');
    await story.sweep();
    await story.sweep(narrowed);
    await story.sweep(narrowed);
    story.vendor.users.delete('5');
    await story.sweep(narrowed);
    await story.sweep(narrowed);

    expect(story.news()).toStrictEqual(['user.deleted 5']);
    expect(story.newsOf('5')[0]?.metadata.reason).toMatchObject({ code: 'left_scope' });
  });

  it('takes whoever is back in a wider cut for known, with a revision that goes on', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('4');
    await story.sweep(narrowed);
    story.vendor.users.set('4', aUser('4', { title: 'Head' }));
    await story.sweep();
    story.vendor.users.set('4', aUser('4', { title: 'Chief' }));

    await story.sweep();

    expect(factsOf(story, '4')).toStrictEqual([['user.updated', 'live', 4, false]]);
  });

  it('holds too many repairs like any other change', async () => {
    const story = await afterBaseline();
    for (const id of six) story.vendor.users.set(id, aUser(id, { status: 'suspended', rawStatus: 'locked' }));
    const rule = { maxCount: 3, maxPercent: 5 };

    const cut = await story.sweep({ ...narrowed, brake: { ...defaultBrakeRules, status_changed: rule } });
    await story.decide('approved');
    await story.sweep(narrowed);

    expect([cut.outcome, cut.counts.held]).toStrictEqual(['held', 6]);
    expect(story.newsOf('1').map(({ type }) => type)).toStrictEqual(['user.status_changed']);
  });
});

/** The list of a connection file's one connection. */
function open(settings: object): UserList {
  const entry = { id: 'acme', vendor: 'openproject', credentials: { apiKey: { env: 'KEY' } }, ...settings };
  const file = { vendors, runtime: 'embedded', fileName: 'scope.json' } as const;
  const [connection] = parseConnectionFile(JSON.stringify({ connections: [entry] }), file).connections;
  if (connection === undefined) throw new TypeError('expected a connection');
  return openUserList(connection, { findVendor, io: {} as VendorIo, resolveCredentials: async () => ({}) });
}

describe('a directory with a name of its own', () => {
  it('stays the same at another address, which is another directory otherwise', async () => {
    const story = await afterBaseline();
    const at = (settings: object) => {
      const { directory, scope } = open(settings);
      return { directory, scope };
    };
    const first = at({ baseUrl: 'https://a.example', directoryId: 'people' });
    await story.sweep(first);
    story.news();
    story.vendor.users.set('2', aUser('2', { title: 'Head' }));

    const moved = await story.sweep(at({ baseUrl: 'https://b.example', directoryId: 'people' }));
    const unnamed = await story.sweep(at({ baseUrl: 'https://b.example' }));

    expect([moved.purpose, unnamed.purpose]).toStrictEqual(['live', 'baseline']);
    expect(story.news()).toStrictEqual(['user.updated 2', 'connection.baseline_completed']);
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { FieldPath, ProjectedField } from '../../src/model/projected-field.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { contractFaults } from '../support/consumer.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

/** Stories about what a sweep concludes: the store is one in memory. */
const table = 'memory';

const five = ['1', '2', '3', '4', '5'];
type Version = Partial<UserList>;

/** The last version compares these fields; the next one differs in `bio` alone. */
function version(bio: Partial<ProjectedField> | 'without' = {}, settings: Version = {}): Version {
  const fields: ProjectedField[] = [{ path: 'displayName' }, { path: 'title' }];
  return { projection: bio === 'without' ? fields : [...fields, { path: 'bio', ...bio }], ...settings };
}
const last = version();
const protect = (how: 'redact' | 'hash'): Version => ({
  protection: { redact: [], hash: [], [how]: ['bio'] satisfies FieldPath[] },
});

const versions: Record<string, readonly [from: Version, to: Version]> = {
  'a field that is added': [version('without'), last],
  'a field that is taken out': [last, version('without')],
  'a field that is redefined': [last, version({ since: 2 }, { mappingVersion: 2 })],
  'a field that other options shape': [version({ shapedBy: 'a' }), version({ shapedBy: 'b' })],
  'a set that is compared by id from now on': [last, version({ compareById: true })],
  'a field that is ignored': [last, version({}, { ignoredFields: ['bio'] })],
  'a field that is redacted': [last, version({}, protect('redact'))],
  'a field that is hashed': [last, version({}, protect('hash'))],
};

/** Everybody's `bio` says so, as if the mapping made something else of the same row. */
function rewriteBios(story: ToldStory, bio: string): void {
  for (const [id, user] of story.vendor.users) story.vendor.users.set(id, { ...user, bio: `${bio} of ${id}` });
}

function change(story: ToldStory, id: string, fields: Partial<ObservedUser>): void {
  story.vendor.users.set(id, { ...(story.vendor.users.get(id) ?? aUser(id)), ...fields });
}

async function tellOfVersion(under: Version, ids: readonly string[] = five, pageSize = 3): Promise<ToldStory> {
  const story = await tellStory(table, ids, pageSize);
  rewriteBios(story, 'first bio');
  await story.sweep(under);
  story.news();
  return story;
}

const changedFieldsOf = (story: ToldStory, id: string) => story.newsOf(id).map(({ data }) => data.changedFields);

/** Lets every tick run out of time after one page. */
function slowDown(story: ToldStory): void {
  story.vendor.traps.beforePage = () => {
    story.clock.nowMs += 31_000;
  };
}

describe.each(Object.entries(versions))('%s', (_, [from, to]) => {
  it('is absorbed in the next version and after its rollback, while changes of other fields flow', async () => {
    const story = await tellOfVersion(from);
    rewriteBios(story, 'second bio');
    change(story, '2', { title: 'Head' });
    change(story, '3', { status: 'suspended', rawStatus: 'locked' });

    const next = await story.sweep(to);
    const settled = await story.sweep(to);
    rewriteBios(story, 'third bio');
    change(story, '4', { title: 'Chief' });
    const back = await story.sweep(from);
    const settledBack = await story.sweep(from);

    expect(story.news()).toStrictEqual(['user.updated 2', 'user.status_changed 3', 'user.updated 4']);
    expect(five.flatMap((id) => changedFieldsOf(story, id))).toStrictEqual([
      ['title'],
      ['rawStatus', 'status'],
      ['title'],
    ]);
    expect([next, settled, back, settledBack].map(({ outcome, counts }) => [outcome, counts.silent])).toStrictEqual([
      ['complete', 3],
      ['complete', 0],
      ['complete', 4],
      ['complete', 0],
    ]);
  });
});

const some = ['a field that is redefined', 'a field that is redacted'];

describe.each(Object.entries(versions).filter(([name]) => some.includes(name)))('%s', (_, [from, to]) => {
  it('is absorbed in the middle of a sweep, which starts over with it, and so is its rollback', async () => {
    const story = await tellOfVersion(from, five, 2);
    rewriteBios(story, 'second bio');
    change(story, '2', { title: 'Head' });
    slowDown(story);

    const next = await swapInMidSweep(story, from, to);
    rewriteBios(story, 'third bio');
    change(story, '4', { title: 'Chief' });
    const back = await swapInMidSweep(story, to, from);

    expect(story.news()).toStrictEqual(['user.updated 2', 'user.updated 4']);
    expect([...changedFieldsOf(story, '2'), ...changedFieldsOf(story, '4')]).toStrictEqual([['title'], ['title']]);
    // Four ticks of its own: three pages, and one that concludes.
    expect([next, back].map(({ outcome, counts, ticks }) => [outcome, counts.silent, ticks])).toStrictEqual(
      Array(2).fill(['complete', 4, 4]),
    );
    expect((await story.state()).checkpoint).toBeUndefined();
  });

  it('does not undo what was decided before it, and is absorbed by the sweep after', async () => {
    const ids = Array.from({ length: 54 }, (_, n) => `u${n}`);
    const story = await tellOfVersion(from, ids, 100);
    rewriteBios(story, 'first bio');
    for (const id of ids.slice(0, 51)) change(story, id, { title: 'Head' });
    vi.spyOn(story.feed.store, 'appendBatch').mockRejectedValueOnce(new Error('killed'));
    await story.sweep(from).catch(() => undefined);
    const { phase } = (await story.state()).checkpoint ?? {};
    rewriteBios(story, 'second bio');
    change(story, 'u52', { title: 'Chief' });

    const decided = await story.sweep(to);
    const next = await story.sweep(to);
    const settled = await story.sweep(to);

    expect([phase, decided.counts.updated, next.counts.updated]).toStrictEqual(['commit', 51, 1]);
    expect(next.counts.silent).toBe(53);
    expect([settled.counts.unchanged, settled.counts.silent]).toStrictEqual([54, 0]);
    expect(
      new Set(story.received.flatMap((event) => ('changedFields' in event.data ? event.data.changedFields : []))),
    ).toStrictEqual(new Set(['title']));
    expect(contractFaults(story.received)).toStrictEqual([]);
  });
});

/** Begins under one version and goes on under another, as a deployment between two ticks would have it. */
async function swapInMidSweep(story: ToldStory, before: Version, after: Version) {
  const begun = await story.tick(before);
  if (begun.kind !== 'suspended') throw new Error(`expected a sweep in its middle, got ${begun.kind}`);
  const { basis } = (await story.state()).checkpoint ?? {};
  const { continues } = begun.next;
  const report = await story.sweep(after, continues && { continues });
  if (report.sweepId === basis?.sweepId) throw new Error('it went on with what the other version had compared');
  return report;
}

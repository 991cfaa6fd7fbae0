import { describe, expect, it } from 'vitest';
import { leaseMs } from '../../support/feed-under-test.ts';
import { aUser } from '../../support/scripted-vendor.ts';
import { type ToldStory, tellStory } from '../../support/told-story.ts';
import { blobsOf, change, nextOf } from './ticks-of-story.ts';

describe('changes that are many', () => {
  /** Of one user before, and so many others since, each with so long a word about himself. */
  async function joinedBy(count: number, length: number): Promise<ToldStory> {
    const story = await tellStory('memory', ['1'], 200);
    await story.sweep();
    story.news();
    for (let n = 0; n < count; n += 1) story.vendor.users.set(`new${n}`, aUser(`new${n}`, { bio: 'x'.repeat(length) }));
    return story;
  }

  it.each([
    { count: 50, length: 1, what: 'at once where they fit into one batch', decisions: 0 },
    { count: 51, length: 1, what: 'with the decision on record where they do not', decisions: 1 },
    { count: 2, length: 80_000, what: 'at once where they fill less than half of it', decisions: 0 },
    { count: 2, length: 90_000, what: 'with the decision on record where they may be too long', decisions: 1 },
  ])('are committed $what: $count of $length', async ({ count, length, decisions }) => {
    const story = await joinedBy(count, length);
    const { saveState } = story.feed.store;
    const decided = new Set<unknown>();
    change(story, {
      saveState: async (lease, state) => {
        if (state.checkpoint?.phase === 'commit') decided.add(state.checkpoint.basis.sweepId);
        await saveState(lease, state);
      },
    });

    const { counts, ticks } = await story.sweep();

    expect([counts.created, ticks, decided.size]).toStrictEqual([count, 1, decisions]);
    expect(story.news()).toHaveLength(count);
    expect(await blobsOf(story)).toStrictEqual([]);
  });

  it('have a report that is written once by the tick that decides', async () => {
    const story = await joinedBy(51, 1);
    const { writeReport } = story.feed.store;
    let written = 0;
    change(story, {
      writeReport: async (report) => {
        written += 1;
        await writeReport(report);
      },
    });

    await story.sweep();

    expect(written).toBe(1);
  });

  it('are committed over several ticks where one has not the time, and the report counts them', async () => {
    const story = await joinedBy(51, 1);
    const { appendBatch, acquireLease, readBlob } = story.feed.store;
    change(story, { appendBatch: () => Promise.reject(new Error('the process has died')) });
    await story.tick().catch(() => undefined);
    story.clock.nowMs += leaseMs;
    // As if there were a hundred times as many.
    const { checkpoint, dueAt } = await story.state();
    const [part] = checkpoint?.staged.parts ?? [];
    const [row] = JSON.parse(String(Buffer.from((await readBlob(story.id, `${part?.prefix}-0`)) ?? [])));
    const staged = { parts: [{ prefix: 'many', rows: [5_001] }] };
    change(story, {
      acquireLease: async (id, ask) => {
        const answer = await acquireLease(id, ask);
        if (answer.kind !== 'taken' || answer.state.checkpoint === undefined) return answer;
        return { ...answer, state: { ...answer.state, checkpoint: { ...answer.state.checkpoint, staged } } };
      },
      readBlob: async (id, name) =>
        name === 'many-0' ? Buffer.from(JSON.stringify(Array(5_001).fill(row))) : readBlob(id, name),
      appendBatch: async (batch) => {
        story.clock.nowMs += leaseMs / 100;
        return appendBatch(batch);
      },
    });

    const first = await story.tick();

    const { sweepId } = nextOf(first).continues ?? {};
    const next = { connectionId: story.id, dueAt, continues: { sweepId, tick: 2 } };
    expect(first).toStrictEqual({ kind: 'suspended', next, pages: 0 });
    expect(await story.state()).toMatchObject({ attempts: 0, checkpoint: { phase: 'commit', tick: 2 } });
    expect(await story.tick({}, nextOf(first))).toMatchObject({ kind: 'swept', report: { ticks: 2 } });
    expect(await story.feed.store.readReport(story.id, sweepId as never)).toMatchObject({ ticks: 2 });
  });
});

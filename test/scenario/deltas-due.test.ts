import { describe, expect, it, vi } from 'vitest';
import { epochMs, instant } from '../../src/model/instant.ts';
import { afterBaseline } from '../support/delta-story.ts';
import { tellStory } from '../support/told-story.ts';

/** Stories about what a sweep concludes: the store is one in memory. */
const table = 'memory';

const six = ['1', '2', '3', '4', '5', '6'];
const minute = 60_000;
const day = 86_400_000;

describe('due times', () => {
  it('let deltas come at their own interval, and full sweeps at theirs', async () => {
    const story = await afterBaseline(table);
    const startMs = epochMs((await story.state()).dueAt) - 2 * minute;
    const modes: string[] = [];
    for (let tick = 0; tick < 7; tick += 1) {
      const { dueAt, fullDueAt, delta } = await story.state();
      if (dueAt !== [fullDueAt, delta?.dueAt].sort()[0]) throw new Error('the connection is not due when a sweep is');
      story.clock.nowMs = epochMs(dueAt);
      const result = await story.tick(story.list, { dueAt });
      if (result.kind === 'swept') modes.push(`${result.report.mode} ${(story.clock.nowMs - startMs) / minute}`);
    }

    expect(modes).toStrictEqual(['delta 2', 'delta 4', 'delta 6', 'delta 8', 'full 9', 'delta 10', 'delta 12']);
  });

  it('of a full sweep whose workers died are made up for once a worker lives, whatever deltas came in between', async () => {
    const story = await afterBaseline(table);
    const { fullDueAt = '' } = await story.state();
    const holder = { holder: 'dying', ownsAllLeases: false } as const;
    story.clock.nowMs = Date.parse(fullDueAt);
    for (let death = 0; death < 3; death += 1) {
      const { nowMs } = story.clock;
      await story.feed.store.acquireLease(story.id, { ...holder, nowMs, expiresAtMs: nowMs + 1 });
      story.clock.nowMs += 2;
    }
    const modes: string[] = [];
    for (let tick = 0; tick < 2; tick += 1) {
      const { dueAt } = await story.state();
      story.clock.nowMs = Math.max(story.clock.nowMs, epochMs(dueAt));
      const result = await story.tick(story.list, { dueAt });
      if (result.kind === 'swept') modes.push(result.report.mode);
    }

    expect(modes).toStrictEqual(['delta', 'full']);
    expect(story.clock.nowMs - Date.parse(fullDueAt)).toBeLessThan(minute);
  });

  it('know no deltas where none are wanted, and remember since when one could ask', async () => {
    const story = await afterBaseline(table);
    const { deltaEverySeconds: _, ...list } = story.list;
    const { startedAt } = await story.sweep(list);
    const { dueAt, fullDueAt, delta } = await story.state();

    expect([dueAt, delta]).toStrictEqual([fullDueAt, { since: startedAt }]);
  });
});

describe('a vendor that ignores the filter', () => {
  it('is recognised, and costs nothing but the requests', async () => {
    const story = await afterBaseline(table, { isIgnored: true });
    const before = await story.state();
    const { store } = story.feed;
    const reads = vi.spyOn(store, 'readEntries');
    const [appended, written, indexed] = [
      vi.spyOn(store, 'appendBatch'),
      vi.spyOn(store, 'writeEntries'),
      vi.spyOn(store, 'applyPairs'),
    ];

    const report = await story.delta();

    const after = await story.state();
    expect([report.outcome, report.isFilterIgnored, report.counts.unchanged]).toStrictEqual(['complete', true, 6]);
    expect(after.delta).toMatchObject({ ignoredAt: report.endedAt, dueAt: instant(epochMs(report.endedAt) + day) });
    expect([after.position, after.dueAt, after.fullDueAt]).toStrictEqual([
      before.position,
      before.fullDueAt,
      before.fullDueAt,
    ]);
    expect(reads.mock.calls.flatMap(([, keys]) => keys)).toStrictEqual([]);
    for (const writes of [appended, written, indexed]) expect(writes).not.toHaveBeenCalled();
    expect(story.news()).toStrictEqual([]);
  });

  it('is asked again a day later, and full sweeps go on until then', async () => {
    const story = await afterBaseline(table, { isIgnored: true });
    const { endedAt } = await story.delta();
    const hourly = { ...story.list, everySeconds: 6 * 3600 };
    const modes: string[] = [];
    for (let tick = 0; tick < 6; tick += 1) {
      const { dueAt } = await story.state();
      story.clock.nowMs = epochMs(dueAt);
      const result = await story.tick(hourly, { dueAt });
      if (result.kind === 'swept') modes.push(result.report.mode);
    }

    expect(modes).toStrictEqual(['full', 'full', 'full', 'full', 'delta', 'full']);
    expect(story.clock.nowMs).toBeGreaterThan(epochMs(endedAt) + day);
  });

  it('is not one that shows once more, within the overlap, whoever has just changed', async () => {
    const story = await afterBaseline(table);
    story.clock.nowMs += 60 * minute;
    await story.full();
    for (const id of six) story.change(id, { title: 'Head' });
    await story.delta();

    expect(await story.delta()).not.toHaveProperty('isFilterIgnored');
  });

  it('is not one where nearly everybody has really changed, or where few are known', async () => {
    const story = await afterBaseline(table);
    for (const id of six) story.change(id, { title: 'Head' });
    const all = await story.delta();
    const small = await tellStory(table, ['1', '2', '3', '4']);
    await small.sweep({ hasDelta: true });
    const few = await small.sweep({ hasDelta: true }, { mode: 'delta' });

    expect([all.mode, few.mode, few.counts.seen]).toStrictEqual(['delta', 'delta', 4]);
    for (const report of [all, few]) expect(report).not.toHaveProperty('isFilterIgnored');
  });
});

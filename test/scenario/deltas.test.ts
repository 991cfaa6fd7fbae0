import { describe, expect, it } from 'vitest';
import { FeedError } from '../../src/model/feed-error.ts';
import { epochMs, type Instant, instant } from '../../src/model/instant.ts';
import { deltaOverlapMs } from '../../src/sweep/begin-sweep.ts';
import { contractFaults } from '../support/consumer.ts';
import { afterBaseline, type DeltaStory, tellOfDeltas } from '../support/delta-story.ts';
import { leaseMs } from '../support/feed-under-test.ts';
import { aUser } from '../support/scripted-vendor.ts';

/** Stories about what a sweep concludes: the store is one in memory. */
const table = 'memory';

const six = ['1', '2', '3', '4', '5', '6'];
const minute = 60_000;

const earlier = (at: Instant) => instant(epochMs(at) - deltaOverlapMs);

describe('a delta', () => {
  it('asks for what changed since the sweep before it began, and a bit before, on every page', async () => {
    const story = await afterBaseline(table);
    const baseline = await story.state();
    for (const id of six.slice(0, 3)) story.change(id);

    const first = await story.delta();
    const second = await story.delta();

    expect([first.mode, first.counts.seen, first.evidence.pages]).toStrictEqual(['delta', 3, 2]);
    const [since, next] = [earlier(baseline.lastComplete?.startedAt as Instant), earlier(first.startedAt)];
    expect(story.asked).toStrictEqual([since, since, next, next]);
    expect([first.updatedSince, second.updatedSince]).toStrictEqual([since, next]);
    expect((await story.state()).delta?.since).toBe(second.startedAt);
  });

  it('publishes whoever is new, changed, suspended or reported as deleted, once, and nobody else', async () => {
    const story = await afterBaseline(table);
    story.clock.nowMs += minute;
    story.change('1', { title: 'Head' });
    story.change('2', { status: 'suspended', rawStatus: 'locked' });
    story.change('3', { status: 'deleted', rawStatus: 'DELETED' });
    story.change('4');
    story.change('7');

    const { counts, outcome } = await story.delta();
    await story.delta();
    await story.full();

    expect([outcome, counts.seen, counts.unchanged]).toStrictEqual(['complete', 5, 1]);
    expect(story.news()).toStrictEqual(['user.updated 1', 'user.status_changed 2', 'user.deleted 3', 'user.created 7']);
    expect(story.newsOf('3')[0]?.metadata).toMatchObject({
      reason: { code: 'vendor_reported' },
      sweep: { mode: 'delta' },
    });
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('concludes nothing from absence, however often', async () => {
    const story = await afterBaseline(table);
    story.vendor.users.delete('5');
    const before = await story.state();

    for (let sweep = 0; sweep < 4; sweep += 1) await story.delta();

    const after = await story.state();
    expect(story.news()).toStrictEqual([]);
    expect([after.absent, after.counts, after.lastComplete]).toStrictEqual([
      before.absent,
      before.counts,
      before.lastComplete,
    ]);
    await story.full();
    expect(story.news()).toStrictEqual([]);
  });

  it('starts the count of absences again for whoever it shows', async () => {
    const story = await afterBaseline(table);
    const user = aUser('5');
    story.vendor.users.delete('5');
    const missed = await story.full();
    story.vendor.users.set('5', user);
    story.change('5');
    const seen = await story.delta();
    story.vendor.users.delete('5');

    const again = await story.full();
    const tooEarly = story.news();
    await story.full();

    expect([missed.counts.missing, again.counts.missing, tooEarly]).toStrictEqual([1, 1, []]);
    expect(story.newsOf('5').map(({ metadata }) => metadata.reason)).toStrictEqual([
      { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 2, lastSeenAt: seen.startedAt } },
    ]);
  });

  it('goes on over several ticks with the moment that it began with', async () => {
    const story = await afterBaseline(table);
    for (const id of six) story.change(id, { title: 'Head' });
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 2;
    };

    const { mode, ticks, counts } = await story.delta();

    expect([mode, ticks, counts.updated, new Set(story.asked).size]).toStrictEqual(['delta', 4, 6, 1]);
  });

  it.each([
    ['the baseline', async (story: DeltaStory) => story.delta()],
    [
      'a baseline that ended incomplete',
      async (story: DeltaStory) => {
        await story.full({ fetchPage: async () => Promise.reject(vendorFault()) });
        return story.delta();
      },
    ],
    [
      'the baseline of another directory',
      async (story: DeltaStory) => {
        await story.full();
        return story.delta({ directory: 'another directory' });
      },
    ],
    [
      'the first list of another cut',
      async (story: DeltaStory) => {
        await story.full();
        return story.delta({ scope: '{"status":"active"}' });
      },
    ],
  ])('before %s is a full sweep', async (_, sweep) => {
    const story = await tellOfDeltas(table);

    const { mode, counts } = await sweep(story);

    expect([mode, counts.seen, story.asked.at(-1)]).toStrictEqual(['full', 6, undefined]);
  });

  it('waits while a full sweep is in its middle', async () => {
    const story = await afterBaseline(table);
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 2;
    };
    await story.tick(story.list, { mode: 'full' });

    const { mode, counts } = await story.delta();

    expect([mode, counts.seen, new Set(story.asked)]).toStrictEqual(['full', 6, new Set([undefined])]);
  });

  it('that fails moves neither its watermark nor the full sweep, and is tried again after its own interval', async () => {
    const story = await afterBaseline(table);
    const before = await story.state();
    story.change('1', { title: 'Head' });

    const failed = await story.delta({ fetchPage: async () => Promise.reject(vendorFault()) });
    const after = await story.state();
    const next = await story.delta();

    expect([failed.mode, failed.outcome, failed.failure?.code]).toStrictEqual([
      'delta',
      'failed',
      'vendor.unavailable',
    ]);
    expect([after.delta?.since, after.fullDueAt, after.failures]).toStrictEqual([
      before.delta?.since,
      before.fullDueAt,
      0,
    ]);
    expect(after.delta?.dueAt).toBe(instant(epochMs(failed.endedAt) + 2 * minute));
    expect([next.updatedSince, story.news()]).toStrictEqual([
      earlier(before.delta?.since as Instant),
      ['user.updated 1'],
    ]);
  });

  it('that showed only a part, or a row that nobody can name, asks for the same again', async () => {
    const story = await afterBaseline(table);
    const { delta } = await story.state();
    story.vendor.traps = { vetoes: ['is_partial_response'] };
    const partial = await story.delta();
    story.vendor.traps = { rejected: [{ reason: 'id: missing' }] };
    const nameless = await story.delta();

    expect([partial.outcome, nameless.outcome]).toStrictEqual(['incomplete', 'incomplete']);
    expect((await story.state()).delta?.since).toBe(delta?.since);
  });
});

function vendorFault(): FeedError {
  const context = { vendor: 'scripted', address: 'http://127.0.0.1/users', status: 503 };
  return new FeedError('vendor.unavailable', 'scripted: the vendor answered 503', context);
}

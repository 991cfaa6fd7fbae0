import { describe, expect, it } from 'vitest';
import { FeedError } from '../../src/model/feed-error.ts';
import type { ProbeAsk, UserList } from '../../src/sweep/ports.ts';
import { selectUsers } from '../../src/vendors/select-users.ts';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';
import { listOf } from '../support/scripted-vendor.ts';

const knowUsers = knownUsersOfFile();

type Answer = Awaited<ReturnType<NonNullable<UserList['probeAbsence']>>>;

/** A vendor that answers every probe alike, and whom it was asked about. */
function prober(answer: () => Answer) {
  const asked: ProbeAsk[] = [];
  const probeAbsence = async (ask: ProbeAsk) => {
    asked.push(ask);
    return answer();
  };
  return { asked, probeAbsence };
}

const unavailable = () => {
  throw new FeedError('vendor.unavailable', 'the vendor answered 503', { vendor: 'scripted', address: 'http://x' });
};

async function sweepTimes(story: KnownUsers, times: number, settings?: Partial<UserList>) {
  const reports = [];
  for (let sweep = 0; sweep < times; sweep += 1) reports.push(await story.sweep(settings));
  return reports;
}

const reasonOf = (story: KnownUsers, id: string) => story.newsOf(id).at(-1)?.metadata.reason.code;

describe('a probe of somebody whom a complete list did not show', () => {
  it('that finds him gone, but somebody else there, deletes him at once', async () => {
    const { asked, probeAbsence } = prober(() => 'gone');
    const story = await knowUsers(5, { probeAbsence });
    story.remove(['u3']);

    const [report] = await sweepTimes(story, 2);

    expect(report).toMatchObject({ counts: { deleted: 1, missing: 0 }, probes: { gone: 1, present: 0, unknown: 0 } });
    expect(story.news()).toStrictEqual(['user.deleted u3']);
    expect(story.newsOf('u3')[0]?.metadata.reason).toMatchObject({
      code: 'not_found_by_probe',
      evidence: { missedSweeps: 1 },
    });
    expect(asked.map(({ userId }) => userId)).toStrictEqual(['u3']);
    expect(story.vendor.users.has(asked[0]?.controlUserId ?? '')).toBe(true);
  });

  it('that finds him present keeps him, however many complete sweeps do not show him', async () => {
    const { asked, probeAbsence } = prober(() => 'present');
    const story = await knowUsers(5, { probeAbsence });
    story.remove(['u3']);

    const reports = await sweepTimes(story, 5);

    expect(reports.map(({ probes, counts }) => [probes?.present, counts.missing])).toStrictEqual(Array(5).fill([1, 1]));
    expect([story.news(), asked.length]).toStrictEqual([[], 5]);
    expect(await story.entryOf('u3')).toMatchObject({ presence: 'live' });
  });

  it('that found him present does not count the sweep: two more are needed once probes prove nothing', async () => {
    let answer: Answer = 'present';
    const story = await knowUsers(5, { probeAbsence: async () => answer });
    story.remove(['u3']);
    await sweepTimes(story, 2);
    answer = 'unknown';

    const reports = await sweepTimes(story, 2);

    expect(reports.map(({ counts }) => counts.deleted)).toStrictEqual([0, 1]);
  });

  it.each<[string, () => Answer]>([
    ['proves nothing', () => 'unknown'],
    ['fails with a fault of the vendor', unavailable],
  ])('that %s leaves him to the count of sweeps', async (_, answer) => {
    const { asked, probeAbsence } = prober(answer);
    const story = await knowUsers(5, { probeAbsence });
    story.remove(['u3']);

    const reports = await sweepTimes(story, 2);

    expect(reports.map(({ outcome, counts }) => [outcome, counts.deleted])).toStrictEqual([
      ['complete', 0],
      ['complete', 1],
    ]);
    expect([reports[0]?.probes?.unknown, asked.length]).toStrictEqual([1, 2]);
    expect(reasonOf(story, 'u3')).toBe('absent_from_complete_sweeps');
  });

  it('that fails for another reason ends the tick, and nothing is committed', async () => {
    const story = await knowUsers(5);
    story.remove(['u3']);
    story.show(['u4'], { title: 'Head' });
    const probeAbsence = async () => {
      throw new TypeError('a fault of ours');
    };

    await expect(story.sweep({ probeAbsence })).rejects.toThrow('a fault of ours');

    await story.feed.publish();
    expect(story.news()).toStrictEqual([]);
  });

  it('is asked of at most so many users a sweep, the others being counted', async () => {
    const { asked, probeAbsence } = prober(() => 'gone');
    const story = await knowUsers(8, { probeAbsence, deletion: { confirmSweeps: 2, probe: true, maxProbes: 2 } });
    story.remove(['u1', 'u3', 'u5']);

    const reports = await sweepTimes(story, 2);

    expect(reports.map(({ counts }) => counts.deleted)).toStrictEqual([2, 1]);
    expect(asked).toHaveLength(3);
    const codes = ['u1', 'u3', 'u5'].map((id) => reasonOf(story, id));
    expect(codes.toSorted()).toStrictEqual(['absent_from_complete_sweeps', 'not_found_by_probe', 'not_found_by_probe']);
  });

  it('comes first for those whom the count of sweeps would delete, and spares them if they are there', async () => {
    const story = await knowUsers(8);
    const deletion = { confirmSweeps: 2, probe: true, maxProbes: 1 };
    story.remove(['u1']);
    await story.sweep();
    story.remove(['u2', 'u3', 'u4']);
    const { asked, probeAbsence } = prober(() => 'present');

    const { counts } = await story.sweep({ deletion, probeAbsence });

    expect([asked.map(({ userId }) => userId), counts.deleted, counts.missing]).toStrictEqual([['u1'], 0, 4]);
  });

  it('is not asked any more once the time of the tick is over', async () => {
    const story = await knowUsers(5);
    const { asked, probeAbsence } = prober(() => {
      story.clock.nowMs += 31_000;
      return 'gone';
    });
    story.remove(['u1', 'u3']);

    const { counts, outcome } = await story.sweep({ probeAbsence });

    expect([asked.length, outcome, counts.deleted, counts.missing]).toStrictEqual([1, 'complete', 1, 1]);
  });
});

describe('nobody is asked about', () => {
  const cannotTell: Record<string, (story: KnownUsers, settings: Partial<UserList>) => Promise<unknown>> = {
    'after an incomplete list': async (story, settings) => {
      story.remove(['u3']);
      story.vendor.traps = { vetoes: ['is_partial_response'] };
      await sweepTimes(story, 2, settings);
    },
    'after a list that collapsed': async (story, settings) => {
      story.remove(story.ids.slice(0, 7));
      await sweepTimes(story, 3, settings);
    },
    'after an empty list': async (story, settings) => {
      story.remove(story.ids);
      await sweepTimes(story, 2, settings);
    },
    'after a list of another scope': async (story, settings) => {
      story.remove(['u3']);
      await sweepTimes(story, 2, { ...settings, scope: '{"status":"active"}' });
    },
    'who belongs to an open hold': async (story, settings) => {
      story.remove(['u1', 'u2', 'u3']);
      await sweepTimes(story, 2, { brake: brakeOf({ deleted: 2 }) });
      await sweepTimes(story, 2, { ...settings, isNarrowed: true, brake: brakeOf({ deleted: 2 }) });
    },
    'whom the vendor had reported as deleted': async (story, settings) => {
      story.show(['u3'], { status: 'deleted' });
      await story.sweep(settings);
      story.news();
      story.remove(['u3']);
      await sweepTimes(story, 3, settings);
    },
  };

  it.each(Object.entries(cannotTell))('%s', async (_, tell) => {
    const { asked, probeAbsence } = prober(() => 'gone');
    const story = await knowUsers(12);

    await tell(story, { probeAbsence });

    expect(asked).toStrictEqual([]);
    expect(story.news().filter((news) => news.startsWith('user.'))).toStrictEqual([]);
  });
});

describe('somebody who leaves a list that an option narrows', () => {
  const left: readonly (readonly [Answer | undefined, number, string])[] = [
    [undefined, 2, 'left_scope'],
    ['present', 2, 'left_scope'],
    ['unknown', 2, 'left_scope'],
    ['gone', 1, 'not_found_by_probe'],
  ];

  it.each(left)('and of whom a probe says %s leaves after %i complete sweeps by %s', async (answer, sweeps, code) => {
    const { probeAbsence } = prober(() => answer ?? 'unknown');
    const story = await knowUsers(5, { isNarrowed: true, ...(answer && { probeAbsence }) });
    story.remove(['u3']);

    const reports = await sweepTimes(story, 2);

    expect(reports.findIndex(({ counts }) => counts.deleted === 1) + 1).toBe(sweeps);
    expect([story.news(), reasonOf(story, 'u3')]).toStrictEqual([['user.deleted u3'], code]);
  });

  it('and is found gone only when he has been absent for long enough is deleted by his absence', async () => {
    let answer: Answer = 'present';
    const story = await knowUsers(5, { isNarrowed: true, probeAbsence: async () => answer });
    story.remove(['u3']);
    await story.sweep();
    answer = 'gone';

    await story.sweep();

    expect(reasonOf(story, 'u3')).toBe('absent_from_complete_sweeps');
  });
});

describe('somebody whom the rules of a connection exclude from now on', () => {
  it('leaves its scope after as many sweeps as anybody, and is never asked about', async () => {
    const { asked, probeAbsence } = prober(() => 'gone');
    const story = await knowUsers(5, { probeAbsence });
    const whole = listOf(story.vendor, story.id, () => story.clock.nowMs);
    const rules = { exclude: { userTypes: ['robot'] } };
    const fetchPage: UserList['fetchPage'] = async (ask) => selectUsers(await whole.fetchPage(ask), rules);
    story.show(['u3'], { userType: 'robot' });

    const reports = await sweepTimes(story, 2, { fetchPage });

    expect(reports.map(({ counts }) => counts.deleted)).toStrictEqual([0, 1]);
    expect([reasonOf(story, 'u3'), asked]).toStrictEqual(['left_scope', []]);
  });
});

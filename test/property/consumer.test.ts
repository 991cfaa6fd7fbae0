import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { aUserEvent } from '../support/event-envelope.ts';
import { runCount } from '../support/run-count.ts';
import { playSchedule, type Schedule, shownOf } from './consumer-schedule.ts';

const types = ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'] as const;

/** A history of some users in one or two epochs, with replays of anything, and a resync of the present. */
const histories = fc
  .array(fc.record({ user: fc.nat(2), type: fc.constantFrom(...types), isRestored: fc.nat(12) }), {
    minLength: 1,
    maxLength: 9,
  })
  .chain((changes) =>
    fc.tuple(fc.constant(changes), fc.array(fc.nat(changes.length - 1), { maxLength: 3 }), fc.boolean()),
  )
  .map(([changes, replayed, hasResync]) => {
    const events: UserEvent[] = [];
    const revisions = new Map<string, number>();
    let epoch = 1;
    for (const [at, { user, type, isRestored }] of changes.entries()) {
      const userId = `u${user}`;
      // A restored table goes on from older revisions, in the next epoch.
      if (isRestored === 0) {
        epoch += 1;
        for (const [id, known] of revisions) revisions.set(id, Math.max(0, known - 2));
      }
      const revision = (revisions.get(userId) ?? 0) + 1;
      revisions.set(userId, revision);
      events.push(aUserEvent({ type, userId, epoch, revision, sequence: at + 1 }));
    }
    const replays = replayed.map((at) => {
      const { type, metadata, data } = events[at] as UserEvent;
      return { type, metadata: { ...metadata, origin: 'replay' as const }, data };
    });
    const resyncs = hasResync ? [...newestOf(events).values()].map(asResync) : [];
    return [...events, ...replays, ...resyncs];
  });

function asResync({ type, metadata, data }: UserEvent): UserEvent {
  const eventId = metadata.eventId.replace('-5000-', '-5999-');
  return { type, metadata: { ...metadata, origin: 'resync', eventId }, data };
}

function newestOf(events: readonly UserEvent[]): Map<string, UserEvent> {
  const newest = new Map<string, UserEvent>();
  for (const event of events) {
    const known = newest.get(event.metadata.userId);
    if (known === undefined || placeDifference(event, known) > 0) newest.set(event.metadata.userId, event);
  }
  return newest;
}

function placeDifference(one: UserEvent, other: UserEvent): number {
  return one.metadata.epoch - other.metadata.epoch || one.metadata.revision - other.metadata.revision;
}

/** Everything at least once, some of it more often, in any order, to workers that die at any step. */
const schedules: fc.Arbitrary<Schedule> = histories.chain((events) => {
  const each = events.map((_, at) => at);
  return fc
    .tuple(
      fc.array(fc.constantFrom(...each), { maxLength: 5 }),
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 4 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 6 }),
      fc.boolean(),
    )
    .chain(([again, choices, workers, deaths, isQuiet]) =>
      fc.shuffledSubarray([...each, ...again], { minLength: each.length + again.length }).map((deliveries) => ({
        events,
        deliveries,
        workers,
        diesAt: new Set(isQuiet ? [] : deaths),
        choose: (waiting: number) => (Number(choices.next().value) || 0) % waiting,
      })),
    );
});

describe('a consumer under any schedule of deliveries', () => {
  it('has applied the newest event of each user last, and nothing older after anything newer', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const { effects } = await playSchedule('elsewhere', schedule);

        const last = new Map<string, UserEvent>();
        for (const event of effects) {
          const before = last.get(event.metadata.userId);
          if (before !== undefined) expect(placeDifference(event, before)).toBeGreaterThanOrEqual(0);
          last.set(event.metadata.userId, event);
        }
        expect(shown(last)).toStrictEqual(shown(newestOf(schedule.events)));
      }),
      { numRuns: runCount(200) },
    );
  });

  it('applies each event once where no worker dies, however often it is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const { effects } = await playSchedule('elsewhere', { ...schedule, diesAt: new Set() });

        const ids = effects.map(({ metadata }) => metadata.eventId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: runCount(100) },
    );
  });

  it('keeps in its own table what the newest event of each user said', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const { table } = await playSchedule('in table', schedule);

        for (const event of newestOf(schedule.events).values()) {
          const { connectionId, userId } = event.metadata;
          expect(table.attributesOf(connectionId, userId)).toStrictEqual({ shown: shownOf(event) });
        }
      }),
      { numRuns: runCount(100) },
    );
  });

  it('is put to the test by workers that die', async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        deaths += (await playSchedule('elsewhere', schedule)).deaths;
      }),
      // Always so many: the fewer the runs, the more often too few die by chance.
      { numRuns: 100 },
    );

    expect(deaths).toBeGreaterThan(10);
  });
});

function shown(events: ReadonlyMap<string, UserEvent>) {
  return [...events].map(([userId, event]) => [userId, shownOf(event)]).sort();
}

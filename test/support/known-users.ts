import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type BrakeRule, type BrakeRules, defaultBrakeRules } from '../../src/model/brake.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { ChangeType } from '../../src/model/change.ts';
import type { SnapshotEntry } from '../../src/model/snapshot-entry.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import { contractFaults } from './consumer.ts';
import type { TickSettings } from './feed-under-test.ts';
import { aUser, listOf } from './scripted-vendor.ts';
import { startTestTable } from './test-table.ts';
import { type StoryPlace, type ToldStory, tellStory } from './told-story.ts';

/** Fields of a user; what is undefined is absent. */
export type Shown = { readonly [Field in keyof ObservedUser]?: ObservedUser[Field] | undefined };

/** A story after its baseline, with settings that every sweep has. */
export type KnownUsers = ToldStory & {
  readonly ids: readonly string[];
  /** Like the story's, with the settings of the story. */
  sweep(settings?: Partial<UserList>, ask?: TickSettings): Promise<SweepReport>;
  /** Lets some users look otherwise, or join; without fields as they were in the beginning. */
  show(ids: readonly string[], fields?: Shown): void;
  /** Takes users from the list. */
  remove(ids: readonly string[]): void;
  /** A full sweep that the vendor says is only a part. */
  sweepPartly(): Promise<SweepReport>;
  /** A delta that shows these users. */
  sweepDelta(ids: readonly string[]): Promise<SweepReport>;
  /** What was told of holds since the beginning: what, of which kind, why, how many. */
  holdNews(): readonly string[];
  entryOf(id: string): Promise<SnapshotEntry | undefined>;
};

/** Brake rules that let so many changes of these kinds pass, whatever the number of users. */
export function brakeOf(counts: { readonly [Kind in ChangeType]?: number | BrakeRule }): BrakeRules {
  const rules = Object.entries(counts).map(([kind, rule]) => [
    kind,
    typeof rule === 'number' ? { maxCount: rule, maxPercent: 0 } : rule,
  ]);
  return { ...defaultBrakeRules, ...Object.fromEntries(rules) };
}

/**
 * Stories of one test file, in memory or over a table of its own. After each test, what they told is held against the contract, and
 * every event must name a sweep that has a report.
 */
export function knownUsersOfFile(place: 'memory' | 'table' = 'memory') {
  let table: StoryPlace = 'memory';
  let told: KnownUsers[] = [];
  beforeAll(async () => {
    if (place === 'table') table = await startTestTable();
  });
  afterEach(async () => {
    const stories = told;
    told = [];
    for (const { received, feed, id } of stories) {
      expect(contractFaults(received)).toStrictEqual([]);
      for (const sweepId of new Set(received.map(({ metadata }) => metadata.sweep?.sweepId)))
        expect(await feed.store.readReport(id, sweepId as never)).toMatchObject({ sweepId });
    }
  });
  afterAll(() => (table === 'memory' ? undefined : table.close()));
  return async (count: number, settings: Partial<UserList> = {}, fields: Shown = {}) => {
    const ids = Array.from({ length: count }, (_, n) => `u${n + 1}`);
    const known = knowUsers(await tellStory(table, [], 100), { ids, settings, fields });
    told.push(known);
    known.show(ids);
    await known.sweep();
    known.news();
    return known;
  };
}

type Given = {
  readonly ids: readonly string[];
  readonly settings: Partial<UserList>;
  readonly fields: Shown;
};

function knowUsers(story: ToldStory, { ids, settings, fields: usual }: Given): KnownUsers {
  const { vendor, feed, id: connectionId, clock } = story;
  const sweep: KnownUsers['sweep'] = (more, ask) => story.sweep({ hasDelta: true, ...settings, ...more }, ask);
  return {
    ...story,
    ids,
    sweep,
    show(shown, fields) {
      for (const id of shown) vendor.users.set(id, withoutAbsent({ ...aUser(id), ...usual, ...fields }));
    },
    remove(gone) {
      for (const id of gone) vendor.users.delete(id);
    },
    async sweepPartly() {
      const { traps } = vendor;
      vendor.traps = { vetoes: ['is_partial_response'] };
      const report = await sweep();
      vendor.traps = traps;
      return report;
    },
    sweepDelta(shown) {
      const whole = listOf(vendor, connectionId, () => clock.nowMs);
      const fetchPage: UserList['fetchPage'] = async (ask) => {
        const page = await whole.fetchPage(ask);
        return { ...page, users: page.users.filter((user) => shown.includes(user.id)) };
      };
      return sweep({ fetchPage }, { mode: 'delta' });
    },
    holdNews: () =>
      story.received.flatMap(({ type, data }) => {
        if (!('hold' in data)) return [];
        const { kind, reason, count, ending } = data.hold as Record<string, string>;
        return [[type.replace('connection.changes_', ''), kind, reason, count, ending].filter(Boolean).join(' ')];
      }),
    async entryOf(userId) {
      for await (const entry of feed.store.readAllEntries(connectionId)) if (entry.userId === userId) return entry;
      return undefined;
    },
  };
}

function withoutAbsent(shown: Shown): ObservedUser {
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as ObservedUser;
}

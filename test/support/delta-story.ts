import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { epochMs, type Instant } from '../../src/model/instant.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { aUser, listOf, scriptedVendor } from './scripted-vendor.ts';
import { type StoryPlace, type ToldStory, tellStory } from './told-story.ts';

/** A vendor that can be asked for changed users only. */
export type DeltaStory = ToldStory & {
  /** What each page was asked for: a moment, or undefined for the whole list. */
  readonly asked: (Instant | undefined)[];
  readonly list: Partial<UserList>;
  /** Changes a user at the vendor, who notes the time. */
  change(id: string, fields?: Partial<ObservedUser>): void;
  delta(settings?: Partial<UserList>): ReturnType<ToldStory['sweep']>;
  full(settings?: Partial<UserList>): ReturnType<ToldStory['sweep']>;
};

/** Six users at a vendor with a filter, never swept so far: full sweeps every ten minutes, deltas every two. */
export async function tellOfDeltas(table: StoryPlace, { isIgnored = false } = {}): Promise<DeltaStory> {
  const story = await tellStory(table, ['1', '2', '3', '4', '5', '6'], 2);
  const asked: (Instant | undefined)[] = [];
  const changedAtMs = new Map<string, number>();
  const list: Partial<UserList> = {
    hasDelta: true,
    everySeconds: 600,
    deltaEverySeconds: 120,
    async fetchPage(ask) {
      asked.push(ask.updatedSince);
      const sinceMs = ask.updatedSince === undefined || isIgnored ? 0 : epochMs(ask.updatedSince);
      const listed = [...story.vendor.users.values()].filter(({ id }) => (changedAtMs.get(id) ?? 0) >= sinceMs);
      const filtered = { ...scriptedVendor(listed, story.vendor.pageSize), traps: story.vendor.traps };
      return listOf(filtered, story.id, () => story.clock.nowMs).fetchPage(ask);
    },
  };
  return {
    ...story,
    asked,
    list,
    change(id, fields = {}) {
      story.vendor.users.set(id, { ...(story.vendor.users.get(id) ?? aUser(id)), ...fields });
      changedAtMs.set(id, story.clock.nowMs);
    },
    delta: (settings) => story.sweep({ ...list, ...settings }, { mode: 'delta' }),
    full: (settings) => story.sweep({ ...list, ...settings }, { mode: 'full' }),
  };
}

export async function afterBaseline(table: StoryPlace, given?: { readonly isIgnored?: boolean }): Promise<DeltaStory> {
  const story = await tellOfDeltas(table, given);
  await story.full();
  story.news();
  story.asked.length = 0;
  return story;
}

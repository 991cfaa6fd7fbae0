import type { Page } from '../../src/model/page.ts';
import type { PageAsk, UserList } from '../../src/sweep/ports.ts';
import { leaseMs } from './feed-under-test.ts';
import { listOf } from './scripted-vendor.ts';
import type { ToldStory } from './told-story.ts';

export type SlowList = {
  /** So many pages, and the tick is over; all of them where left out. */
  readonly pagesPerTick?: number;
  /** Rewrites a page before the sweep sees it. */
  readonly amend?: (page: Page, ask: PageAsk) => Page;
};

/** The setting of a list whose pages take their time: how many of them one tick can read. */
export function slowList(
  { id, vendor, clock }: Pick<ToldStory, 'id' | 'vendor' | 'clock'>,
  { pagesPerTick, amend = (page) => page }: SlowList,
): Pick<UserList, 'fetchPage'> {
  const list = listOf(vendor, id, () => clock.nowMs);
  return {
    async fetchPage(ask) {
      const page = amend(await list.fetchPage(ask), ask);
      if (pagesPerTick !== undefined) clock.nowMs += leaseMs / 2 / pagesPerTick;
      return page;
    },
  };
}

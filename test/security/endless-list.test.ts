import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKeySet } from '../../src/diff/key-set.ts';
import { connectionId, cursor } from '../../src/model/ids.ts';
import { collectPages, pageLimit } from '../../src/sweep/collect-pages.ts';
import { noPages } from '../../src/sweep/walk-evidence.ts';
import { listOf, scriptedVendor } from '../support/scripted-vendor.ts';

/** Reads a list whose pages are empty and whose cursors come from a function of the page's number. */
async function read(nextCursor: (page: number) => string, pageLimitOfTest: number) {
  const vendor = scriptedVendor([]);
  vendor.traps.nextCursor = () => cursor(nextCursor(vendor.pagesServed));
  const list = listOf(vendor, connectionId('c1'), () => 0);
  const keyOf = (one: string) => hash('sha256', one, 'buffer').subarray(0, 16);
  const { ended, progress } = await collectPages(
    list,
    { add: async () => undefined } as never,
    { walks: 1, evidence: noPages },
    { keys: createKeySet(), keyOf },
    { deadlineMs: 1, nowMs: () => 0, pageLimit: pageLimitOfTest },
  );
  return { ended, ...progress.evidence };
}

describe('a list without end', () => {
  it('ends a sweep at a bound of pages, as incomplete, where every cursor is new', async () => {
    const { ended, pages, endedByVendor, failure } = await read(String, 50);

    expect([ended, pages, endedByVendor, failure?.code]).toStrictEqual(['list', 50, false, 'sweep.page_limit']);
    expect(pageLimit).toBe(100_000);
  });

  it('ends a sweep at once where a cursor comes again, after however many pages', async () => {
    const { pages, failure } = await read((page) => String(page % 7), 1000);

    expect([pages, failure?.code]).toStrictEqual([8, 'vendor.cursor_repeated']);
  });
});

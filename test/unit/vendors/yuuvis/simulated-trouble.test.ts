import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { yuuvis } from '../../../../src/vendors/yuuvis/vendor.ts';
import { idsOf, openVendor, type VendorUnderTest, walk } from '../../../conformance/vendor-under-test.ts';

let tested: VendorUnderTest;

beforeEach(async () => {
  tested = await openVendor(yuuvis);
  await tested.sweep();
});
afterEach(() => tested.close());

const typesOf = (news: readonly { readonly type: string }[]) => news.map(({ type }) => type).sort();

describe('sweeps of a yuuvis in trouble', () => {
  it('deletes nobody who was renamed across a page, every time', async () => {
    tested.simulator.traps.arm('renameWhileListing', { page: 2 });

    const sweeps = [await tested.sweep(), await tested.sweep(), await tested.sweep()];

    expect(sweeps.map(({ report }) => report.evidence.drift)).toStrictEqual(Array(3).fill(['overlap_moved']));
    expect(sweeps.flatMap(({ news }) => typesOf(news)).filter((type) => type !== 'user.updated')).toStrictEqual([]);
  });

  it('reads the list again after somebody was renamed across a page once', async () => {
    tested.simulator.traps.arm('renameWhileListing', { page: 2, times: 1 });

    const { report, news } = await tested.sweep();

    expect([report.outcome, report.evidence.walks]).toStrictEqual(['complete', 2]);
    expect(typesOf(news)).toStrictEqual(['user.updated']);
  });

  it('concludes nothing from an order that is never the same', async () => {
    tested.simulator.traps.arm('shuffleOrder');

    const sweeps = [await tested.sweep(), await tested.sweep(), await tested.sweep()];

    for (const { report, news } of sweeps) {
      expect(report.outcome).toBe('incomplete');
      expect(news).toStrictEqual([]);
    }
  });

  it('ends a list whose first is ignored', async () => {
    tested.simulator.traps.arm('ignoreFirst');

    const { report, news } = await tested.sweep();

    expect([report.outcome, report.failure?.code]).toStrictEqual(['incomplete', 'vendor.cursor_rejected']);
    expect(news).toStrictEqual([]);
  });

  it.each([1, 2, 3])('shows everybody once in pages that are always cut to %i', async (size) => {
    tested.simulator.traps.arm('capPageSize', { size });

    const { report } = await tested.sweep();

    expect([report.outcome, report.counts.seen]).toStrictEqual(['complete', 17]);
    expect(idsOf(await walk(tested.list({ pageSize: 5 })))).toHaveLength(17);
  });

  it('fails at nobody with more to come, and at an error inside of the list', async () => {
    tested.simulator.traps.arm('emptyPageWithCursor', { page: 2, times: 1 });
    const empty = await tested.sweep();
    tested.simulator.traps.arm('errorInsideList', { page: 2 });
    const broken = await tested.sweep();

    for (const { report, news } of [empty, broken]) {
      expect([report.outcome, report.failure?.code]).toStrictEqual(['incomplete', 'vendor.bad_response']);
      expect(news).toStrictEqual([]);
    }
  });

  it('denies completeness when the soft total moves', async () => {
    tested.simulator.traps.arm('totalMoves');

    expect((await tested.sweep()).report.deniedBy).toContain('total_moved');
  });

  it('sees no change in another order of roles or another spelling of times', async () => {
    tested.simulator.traps.arm('reverseRoles');
    tested.simulator.traps.arm('createdAsIso');

    const { report, news } = await tested.sweep();

    expect([report.outcome, report.counts.unchanged, news]).toStrictEqual(['complete', 17, []]);
  });

  it('tells a disabled user from the new one who got his user name', async () => {
    tested.simulator.traps.arm('reuseUserName', { times: 1 });

    const { news } = await tested.sweep();

    expect(typesOf(news)).toStrictEqual(['user.created', 'user.status_changed']);
  });

  it('stays within one session, and opens another one when that has ended', async () => {
    // Pages asked for ahead when it ends may open one each, but no page after them does.
    tested.simulator.traps.arm('capSessions', { size: 6 });
    tested.simulator.traps.arm('refuseSession', { times: 1 });
    const list = tested.list();

    const pages = [await walk(list), await walk(list), await walk(list)];

    expect(pages.map((walked) => idsOf(walked).length)).toStrictEqual([17, 17, 17]);
    expect(tested.simulator.traps.fired).toMatchObject({ refuseSession: 1, capSessions: 0 });
  });
});

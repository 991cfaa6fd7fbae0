import { describe, expect, it } from 'vitest';
import { cursor } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import type { Page } from '../../../../src/model/page.ts';
import { openproject } from '../../../../src/vendors/openproject/vendor.ts';
import { startForTest } from '../../local/simulators/simulator-under-test.ts';
import { createTestIo } from '../vendor-io.ts';

const page = (next: string | null, total: number): Page => ({
  users: [],
  rejected: [],
  next: next === null ? null : cursor(next),
  evidence: { total, totalKind: 'hard' },
  observedAt: instant(0),
});
const second = '{"offset":2,"pageSize":50}';
const pagesAfter = (after: Page) =>
  [0, 1, 2, 3].map((ahead) => openproject.pageAt?.(after, ahead, openproject.options.parse({})));

describe('openproject.pageAt', () => {
  it.each([
    [
      'ends with the page that can hold the last user',
      200,
      [second, '{"offset":3,"pageSize":50}', '{"offset":4,"pageSize":50}', undefined],
    ],
    [
      'needs one more for one user more',
      201,
      [second, '{"offset":3,"pageSize":50}', '{"offset":4,"pageSize":50}', '{"offset":5,"pageSize":50}'],
    ],
    ['knows the next one alone', 51, [second, undefined, undefined, undefined]],
  ])('%s', (_what, total, expected) => {
    expect(pagesAfter(page(second, total))).toStrictEqual(expected);
  });

  it('names no page after the last one', () => {
    expect(pagesAfter(page(null, 50))).toStrictEqual([undefined, undefined, undefined, undefined]);
  });

  it('foresees the cursors of a walk, in pages of the size the instance uses', async () => {
    const simulator = await startForTest('openproject', { size: 11 });
    simulator.traps.arm('capPageSize', { size: 3 });
    const io = createTestIo();
    const target = {
      connectionId: 'acme' as never,
      baseUrl: simulator.baseUrl,
      credentials: { apiKey: simulator.credentials.apiKey ?? '' },
      options: openproject.options.parse({ pageSize: 5 }),
    };
    const first = await openproject.fetchPage({ ...target, cursor: undefined }, io);
    const walked = [first.next];
    while (walked.at(-1) !== null) {
      const { next } = await openproject.fetchPage({ ...target, cursor: walked.at(-1) ?? undefined }, io);
      walked.push(next);
    }
    await io.close();

    expect(pagesAfter(first)).toStrictEqual([...walked.slice(0, -1), undefined]);
  });
});

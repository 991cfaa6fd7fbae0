import { describe, expect, it } from 'vitest';
import { instant } from '../../../../src/model/instant.ts';
import type { Page } from '../../../../src/model/page.ts';
import { answerJson } from '../../../support/vendor-server.ts';
import { answerRows, endLink, idsOf, nextLink, optionsOf, people, useDelay, vetoesOf } from './delay-under-test.ts';

const tested = useDelay();
const updatedSince = instant(Date.UTC(2026, 10, 23));
const since = '2026-11-23T00:00:00.000Z';

async function walkChanged(options: object = {}): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: Page['next'] | undefined; next !== null; next = pages.at(-1)?.next ?? null)
    pages.push(await tested.fetchPage({ options: optionsOf(options), cursor: next, updatedSince }));
  return pages;
}

describe('delay.fetchPage for changed users', () => {
  it.each(['auto', 'pages', 'keyset'])('goes by page number and says since when on each (%s)', async (paging) => {
    tested.server.play(
      answerRows(people(1, 2), nextLink(2)),
      answerRows(people(3, 4), nextLink(3)),
      answerRows(people(5), endLink),
    );

    const pages = await walkChanged({ paging, status: 'active' });

    expect(tested.asked('page', 'updated_at_from', 'created_at_from', 'status', 'sort_by')).toStrictEqual(
      [1, 2, 3].map((page) => `${page} ${since} - active created_at`),
    );
    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3 u4', 'u5']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it('asks without an order where an order is refused, and still since when', async () => {
    tested.server.play(answerJson({}, { status: 400 }), answerRows(people(1)));

    const pages = await walkChanged();

    expect(tested.asked('sort_by', 'updated_at_from')).toStrictEqual([`created_at ${since}`, `- ${since}`]);
    expect(vetoesOf(pages)).toStrictEqual(['sort_refused']);
  });
});

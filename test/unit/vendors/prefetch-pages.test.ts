import { describe, expect, it } from 'vitest';
import { type Cursor, cursor } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { Page } from '../../../src/model/page.ts';
import type { HttpClient } from '../../../src/vendors/http/http-client.ts';
import { type ListPlace, prefetchPages } from '../../../src/vendors/prefetch-pages.ts';

const pageOf = (number: number, last: number): Page => ({
  users: [],
  rejected: [{ reason: `page ${number}` }],
  next: number < last ? cursor(String(number + 1)) : null,
  evidence: { total: last },
  observedAt: instant(0),
});
const numberOf = (page: Page) => Number(page.rejected[0]?.reason.slice('page '.length));

/** A list of numbered pages whose answers come when the test says so. */
function aList(last: number) {
  const asked: number[] = [];
  const waiting = new Map<number, { answer: (page: Page) => void; fail: (fault: Error) => void }>();
  let mostInFlight = 0;
  return {
    asked,
    deadlines: [] as (number | undefined)[],
    since: [] as (string | null)[],
    get mostInFlight() {
      return mostInFlight;
    },
    /** As a vendor would: one request a page, by its number. */
    async fetchPage({ cursor: at, updatedSince }: ListPlace, http: HttpClient): Promise<Page> {
      const url = new URL(`http://127.0.0.1/?page=${at ?? 1}`);
      if (updatedSince !== undefined) url.searchParams.set('since', updatedSince);
      const { body } = await http.requestJson({ vendor: 'v', connectionId: 'c', url, secrets: [] });
      return body as Page;
    },
    bind(deadlineMs: number | undefined): HttpClient {
      return {
        requestJson: ({ url }) => {
          const number = Number(url.searchParams.get('page'));
          asked.push(number);
          this.deadlines.push(deadlineMs);
          this.since.push(url.searchParams.get('since'));
          return new Promise((resolve, fail) => {
            const answer = (page: Page) =>
              resolve({ status: 200, headers: {}, setCookies: [], body: page, receivedAt: instant(0), retries: 0 });
            waiting.set(number, { answer, fail });
            mostInFlight = Math.max(mostInFlight, waiting.size);
          });
        },
      };
    },
    pageAt({ next, evidence: { total = 0 } }: Page, ahead: number) {
      const number = Number(next ?? Number.NaN) + ahead;
      return number <= total ? cursor(String(number)) : undefined;
    },
    async answer(number: number, page = pageOf(number, last)): Promise<void> {
      await settle();
      waiting.get(number)?.answer(page);
      waiting.delete(number);
      await settle();
    },
    async fail(number: number): Promise<void> {
      await settle();
      waiting.get(number)?.fail(new Error(`page ${number} is down`));
      waiting.delete(number);
      await settle();
    },
  };
}

const settle = async () => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const open = (list: ReturnType<typeof aList>, ahead?: number) =>
  prefetchPages({
    fetchPage: list.fetchPage,
    bind: (deadlineMs) => list.bind(deadlineMs),
    pageAt: list.pageAt,
    ...(ahead !== undefined && { ahead }),
  });

describe(prefetchPages, () => {
  it('hands the pages over in order, with four requests in flight and never more', async () => {
    const list = aList(12);
    const fetchPage = open(list);
    const walked: number[] = [];
    const answered = new Set<number>();
    const walk = (async () => {
      for (let next: Cursor | null | undefined; next !== null; ) {
        const page = await fetchPage({ cursor: next });
        walked.push(numberOf(page));
        next = page.next;
      }
    })();

    // The latest request is always answered first.
    for (let round = 0; round < 40; round += 1) {
      await settle();
      const latest = list.asked.findLast((number) => !answered.has(number));
      if (latest === undefined) continue;
      answered.add(latest);
      await list.answer(latest);
    }
    await walk;

    expect(walked).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(list.asked.toSorted((a, b) => a - b)).toStrictEqual(walked);
    expect(list.mostInFlight).toBe(4);
  });

  it('asks for nothing while the first page is under way, and then no further than the plan allows', async () => {
    const list = aList(9);
    const fetchPage = open(list, 2);

    const first = fetchPage({ cursor: undefined });
    await settle();
    const before = [...list.asked];
    await list.answer(1);
    await first;

    expect([before, list.asked]).toStrictEqual([[1], [1, 2, 3]]);
    // Both are there, and nobody asks for them: no third is fetched.
    await list.answer(2);
    await list.answer(3);
    expect(list.asked).toStrictEqual([1, 2, 3]);
  });

  it('asks for no page after the known end', async () => {
    const list = aList(3);
    const fetchPage = open(list);

    const first = fetchPage({ cursor: undefined });
    await list.answer(1);
    await first;

    expect(list.asked).toStrictEqual([1, 2, 3]);
  });

  it('drops what it expected when the list goes on elsewhere', async () => {
    const list = aList(9);
    const fetchPage = open(list, 2);
    const first = fetchPage({ cursor: undefined });
    await list.answer(1);
    await first;
    const second = fetchPage({ cursor: cursor('2') });
    await list.answer(2, { ...pageOf(2, 9), next: cursor('7') });

    const { next } = await second;
    const seventh = fetchPage({ cursor: next ?? undefined });
    await list.fail(3);
    await list.answer(7);

    expect(numberOf(await seventh)).toBe(7);
    expect(list.asked).toStrictEqual([1, 2, 3, 7, 8, 9]);
  });

  it('fetches a page anew when the list is walked from the beginning again', async () => {
    const list = aList(3);
    const fetchPage = open(list, 1);
    for (const _walk of [1, 2]) {
      const first = fetchPage({ cursor: undefined });
      await list.answer(1);
      await first;
      await list.answer(2);
    }

    expect(list.asked).toStrictEqual([1, 2, 1, 2]);
  });

  it('keeps the fault of a page until that page is asked for, and asks again afterwards', async () => {
    const list = aList(3);
    const fetchPage = open(list);
    const first = fetchPage({ cursor: undefined });
    await list.answer(1);
    await first;
    await list.fail(3);
    const second = fetchPage({ cursor: cursor('2') });
    await list.answer(2);

    expect(numberOf(await second)).toBe(2);
    await expect(fetchPage({ cursor: cursor('3') })).rejects.toThrow('page 3 is down');
    const again = fetchPage({ cursor: cursor('3') });
    await list.answer(3);
    expect(numberOf(await again)).toBe(3);
  });

  it('leaves no rejection behind when a walk ends early', async () => {
    const unhandled: unknown[] = [];
    const note = (fault: unknown) => unhandled.push(fault);
    process.on('unhandledRejection', note);
    const list = aList(9);
    const first = open(list)({ cursor: undefined });
    await list.answer(1);
    await first;

    for (const number of [2, 3, 4, 5]) await list.fail(number);
    await settle();
    process.off('unhandledRejection', note);

    expect(unhandled).toStrictEqual([]);
  });

  it('counts what it dropped as in flight until it ends', async () => {
    const list = aList(9);
    const fetchPage = open(list, 3);
    const first = fetchPage({ cursor: undefined });
    await list.answer(1);
    await first;

    const anew = fetchPage({ cursor: undefined });
    await list.answer(1);
    await anew;

    expect(list.asked).toStrictEqual([1, 2, 3, 4, 1]);
  });

  it('gives every request the deadline of the one who asked', async () => {
    const list = aList(3);
    const first = open(list)({ cursor: undefined, deadlineMs: 77 });
    await list.answer(1);
    await first;

    expect(list.deadlines).toStrictEqual([77, 77, 77]);
  });

  it('asks ahead for changed users alone where the list is of those', async () => {
    const list = aList(3);
    const fetchPage = open(list);
    const first = fetchPage({ cursor: undefined, updatedSince: instant(5) });
    await list.answer(1);
    await first;
    const second = fetchPage({ cursor: cursor('2'), updatedSince: instant(5) });
    await list.answer(2);
    await second;

    expect(list.since).toStrictEqual([instant(5), instant(5), instant(5)]);
    expect(list.asked).toStrictEqual([1, 2, 3]);
  });

  it('takes no page of one list for the same page of another', async () => {
    const list = aList(3);
    const fetchPage = open(list);
    const first = fetchPage({ cursor: undefined });
    await list.answer(1);
    await first;
    const changed = fetchPage({ cursor: cursor('2'), updatedSince: instant(5) });
    await list.answer(2);
    await changed;

    expect(list.asked).toStrictEqual([1, 2, 3, 2, 3]);
    expect(list.since).toStrictEqual([null, null, null, instant(5), instant(5)]);
  });
});

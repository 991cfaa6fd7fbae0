import { afterEach, beforeEach } from 'vitest';
import { connectionId, cursor } from '../../../../src/model/ids.ts';
import type { Page } from '../../../../src/model/page.ts';
import { delay } from '../../../../src/vendors/delay/vendor.ts';
import type { DelayOptions } from '../../../../src/vendors/delay/wire.ts';
import type { PageRequest } from '../../../../src/vendors/vendor.ts';
import {
  answerJson,
  type ScriptedAnswer,
  startVendorServer,
  type VendorServer,
} from '../../../support/vendor-server.ts';
import { createTestIo, type TestIo } from '../vendor-io.ts';

export type Ask = PageRequest<DelayOptions>;

/** Delay's code, and a server that plays a script. */
export type DelayUnderTest = {
  server: VendorServer;
  io: TestIo;
  ask(changes?: Partial<Ask>): Ask;
  fetchPage(changes?: Partial<Ask>): Promise<Page>;
  /** Every page, each asked for with a cursor that has been through JSON. */
  walk(options?: object): Promise<Page[]>;
  /** What was asked for, without what is the same in every request. */
  asked(...names: string[]): string[];
};

export const optionsOf = (options: object = {}): DelayOptions => delay.options.parse({ pageSize: 2, ...options });

/** Starts and ends both around each test of the file. */
export function useDelay(): DelayUnderTest {
  const tested: DelayUnderTest = {
    server: undefined as unknown as VendorServer,
    io: undefined as unknown as TestIo,
    ask: (changes) => ({
      connectionId: connectionId('acme-delay'),
      baseUrl: `${tested.server.baseUrl}/admin/v1`,
      credentials: { token: 's3cret-token' },
      options: optionsOf(),
      cursor: undefined,
      ...changes,
    }),
    fetchPage: (changes) => delay.fetchPage(tested.ask(changes), tested.io),
    async walk(options) {
      const pages: Page[] = [];
      for (let next: Page['next'] | undefined; next !== null; next = pages.at(-1)?.next ?? null) {
        const resumed = next === undefined ? undefined : cursor(JSON.parse(JSON.stringify(next)));
        pages.push(await tested.fetchPage({ options: optionsOf(options), cursor: resumed }));
      }
      return pages;
    },
    asked: (...names) => tested.server.received.map(({ query }) => names.map((name) => query[name] ?? '-').join(' ')),
  };
  beforeEach(async () => {
    tested.server = await startVendorServer();
    tested.io = createTestIo({ maxTries: 2 });
  });
  afterEach(async () => {
    await tested.io.close();
    await tested.server.finish();
  });
  return tested;
}

/** Users by number, created in these seconds of a minute. */
export function rows(...people: readonly (readonly [number: number, second: number])[]): object[] {
  return people.map(([number, second]) => ({
    id: `u${number}`,
    identifier: `user${number}`,
    status: 'active',
    created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, 0) + second * 1000).toISOString(),
  }));
}

/** Numbered users, a minute apart. */
export const people = (...numbers: readonly number[]) =>
  rows(...numbers.map((number) => [number, number * 60] as const));

export function answerRows(list: readonly object[], link?: string): ScriptedAnswer {
  return answerJson(list, { headers: link === undefined ? {} : { link } });
}

export const nextLink = (page: number, last?: number, host = 'https://api.delay.com') =>
  [
    `<${host}/users?page=${page}&page_size=2>; rel="next"`,
    ...(last === undefined ? [] : [`<${host}/users?page=${last}&page_size=2>; rel="last"`]),
  ].join(', ');
export const endLink = '<https://api.delay.com/users?page=1&page_size=2>; rel="first"';

export const idsOf = (pages: readonly Page[]) => pages.map(({ users }) => users.map(({ id }) => id).join(' '));
export const vetoesOf = (pages: readonly Page[]) => pages.flatMap(({ evidence }) => evidence.vetoes ?? []);

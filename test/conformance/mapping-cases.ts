import { expect } from 'vitest';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { HttpJson } from '../../src/vendors/http/http-client.ts';
import type { ConformanceCase } from './cases.ts';
import { aboutUsers, idsOf, walk } from './vendor-under-test.ts';

/** How the vendor's rows become canonical users. */
export const mappingCases: readonly ConformanceCase[] = [
  {
    name: 'maps a status that no document lists to unknown, and keeps the word',
    trap: 'unknownStatus',
    async run({ list, simulator, facts }) {
      simulator.traps.arm('unknownStatus', { status: facts.unlistedStatus ?? 'HIBERNATING' });

      const [first] = (await walk(list()))[0]?.users ?? [];

      expect([first?.status, first?.rawStatus]).toStrictEqual(['unknown', facts.unlistedStatus ?? 'HIBERNATING']);
    },
  },
  {
    name: 'says nothing about a status that is missing',
    trap: 'loseStatus',
    async run({ list, sweep, simulator }) {
      await sweep();
      simulator.traps.arm('loseStatus');

      const users = (await walk(list())).flatMap((page) => page.users);
      const { report, news } = await sweep();

      expect(users.filter(({ status }) => status !== undefined)).toStrictEqual([]);
      expect(aboutUsers(news)).toStrictEqual([]);
      expect(report.holds).toMatchObject([{ reason: 'field_vanished', fields: ['status'] }]);
    },
  },
  {
    name: 'maps empty, null and missing fields to the same user, with nothing empty in him',
    trap: 'blankFields',
    async run({ list, simulator }) {
      const shown: ObservedUser[][] = [];
      for (const as of ['empty', 'null', 'absent'] as const) {
        simulator.traps.arm('blankFields', { as });
        shown.push((await walk(list())).flatMap((page) => [...page.users]));
      }

      expect(shown[0]?.length).toBe(17);
      expect(shown[1]).toStrictEqual(shown[0]);
      expect(shown[2]).toStrictEqual(shown[0]);
      expect(JSON.stringify(shown)).not.toMatch(/:(null|""|\[\]|\{\})/);
    },
  },
  {
    name: 'sees no change in fields it does not know or in another order of keys',
    async run({ sweep, facts }) {
      await sweep();

      const { report, news } = await sweep({ rewrite: (answer) => withStrangeKeys(answer, facts.freeForm ?? []) });

      expect([report.outcome, report.counts.unchanged, report.counts.silent]).toStrictEqual(['complete', 17, 0]);
      expect(news).toStrictEqual([]);
    },
  },
  {
    name: 'rejects one bad row by its id and keeps the rest',
    trap: 'badRow',
    async run({ list, simulator }) {
      simulator.traps.arm('badRow', { page: 1 });

      const pages = await walk(list());

      const rejected = pages.flatMap((page) => page.rejected);
      expect(rejected).toHaveLength(1);
      expect(simulator.directory.find(String(rejected[0]?.id))).toBeDefined();
      expect(idsOf(pages)).toHaveLength(16);
    },
  },
  {
    name: 'rejects a row without an id, and the list proves nothing then',
    trap: 'badRow',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('badRow', { page: 1, withId: false });

      const sweeps = [await sweep(), await sweep(), await sweep()];

      for (const { report, news } of sweeps) {
        expect(report.deniedBy).toContain('row_without_id');
        expect(news).toStrictEqual([]);
      }
    },
  },
  {
    name: 'tells of every visible change that a day brings, and of nothing else',
    async run({ sweep, simulator }) {
      await sweep();
      for (let day = 0; day < 6; day += 1) {
        const changes = simulator.directory.advance();
        const { news } = await sweep();
        const told = news
          .filter(({ type }) => type !== 'user.deleted')
          .map(({ type, metadata }) => `${type} ${metadata.userId}`);
        const happened = changes.filter(({ kind }) => ['created', 'updated', 'status_changed'].includes(kind));

        expect(told.toSorted()).toStrictEqual(happened.map(({ kind, id }) => `user.${kind} ${id}`).toSorted());
      }
    },
  },
];

/** The same answer with its keys the other way round and a new key in every object but those of free form. */
function withStrangeKeys(answer: HttpJson, freeForm: readonly string[]): HttpJson {
  const reverseKeys = (value: unknown, isFreeForm = false): unknown => {
    if (Array.isArray(value)) return value.map((member) => reverseKeys(member));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, member]) => [key, reverseKeys(member, freeForm.includes(key))]);
    return Object.fromEntries([...(isFreeForm ? [] : [['zzNobodyKnowsThis', 7]]), ...entries.reverse()]);
  };
  return { ...answer, body: reverseKeys(answer.body) };
}

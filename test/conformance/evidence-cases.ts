import { expect } from 'vitest';
import type { ConformanceCase } from './cases.ts';
import { aboutUsers, idsOf, toldOf, walk } from './vendor-under-test.ts';

/** What the vendor's pages prove about the whole list. */
export const evidenceCases: readonly ConformanceCase[] = [
  {
    name: 'empty page with a cursor',
    trap: 'emptyPageWithCursor',
    async run({ list, simulator }) {
      simulator.traps.arm('emptyPageWithCursor', { page: 2, times: 1 });

      const pages = await walk(list());

      expect(pages.map(({ users }) => users.length)).toContain(0);
      expect(new Set(idsOf(pages)).size).toBe(17);
    },
  },
  {
    name: 'repeated cursor',
    trap: 'repeatCursor',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('repeatCursor');

      const { report, news } = await sweep();

      expect([report.outcome, report.failure?.code]).toStrictEqual(['incomplete', 'vendor.cursor_repeated']);
      expect(news).toStrictEqual([]);
    },
  },
  {
    name: 'cycle of two cursors',
    trap: 'cursorCycle',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('cursorCycle');

      const { report, news } = await sweep();

      expect([report.outcome, report.failure?.code]).toStrictEqual(['incomplete', 'vendor.cursor_repeated']);
      expect(news).toStrictEqual([]);
    },
  },
  {
    name: 'total proves',
    trap: 'emptyPageWithCursor',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('emptyPageWithCursor', { page: 2 });

      const sweeps = [await sweep(), await sweep(), await sweep()];

      for (const { report, news } of sweeps) {
        expect(report.deniedBy).toContain('total_differs');
        expect(news).toStrictEqual([]);
      }
    },
  },
  {
    name: 'sees nobody twice and loses nobody when a row moves across a page boundary',
    trap: 'duplicateAcrossPages',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('duplicateAcrossPages');

      const { report, news } = await sweep();

      expect(report.counts.seen).toBe(17);
      expect(news).toStrictEqual([]);
    },
  },
  {
    name: 'deletes nobody when somebody leaves while the list is read, but him where he is asked about',
    trap: 'removeWhileListing',
    async run({ sweep, simulator: { directory, traps } }) {
      await sweep();
      const before = directory.people().map(({ id }) => id);
      traps.arm('removeWhileListing', { times: 1 });

      const { report, news } = await sweep();

      const left = before.filter((id) => directory.find(id) === undefined);
      const asked = report.probes?.gone ?? 0;
      expect(toldOf(news)).toStrictEqual(left.slice(0, asked).map((id) => ['user.deleted', id]));
      expect(['complete', 'incomplete']).toContain(report.outcome);
    },
  },
  {
    name: 'concludes nothing from an empty list or from half of one',
    trap: 'emptyList',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('emptyList');
      const empty = [await sweep(), await sweep()];
      simulator.traps.disarm('emptyList');
      simulator.traps.arm('halfList', { percent: 70 });

      const half = [await sweep(), await sweep()];

      for (const { report, news } of [...empty, ...half]) {
        expect([report.outcome, report.holds.map(({ kind }) => kind)]).toStrictEqual(['held', ['deleted']]);
        expect(aboutUsers(news)).toStrictEqual([]);
      }
      expect(simulator.traps.fired.halfList).toBeGreaterThan(0);
    },
  },
  {
    name: 'concludes a deletion from two complete sweeps, asking nobody',
    async run({ sweep, simulator }) {
      await sweep();
      const [person] = simulator.directory.people();
      simulator.directory.remove(person?.id ?? '');

      const silently = { entry: { deletion: { probe: false } } };

      const sweeps = [await sweep(silently), await sweep(silently), await sweep(silently)];

      expect(sweeps.map(({ news }) => toldOf(news))).toStrictEqual([[], [['user.deleted', person?.id]], []]);
      expect(sweeps.flatMap(({ report }) => report.probes ?? [])).toStrictEqual([]);
    },
  },
  {
    name: 'concludes a deletion from one complete sweep and an answer that there is no such user',
    async run({ sweep, simulator }) {
      await sweep();
      const [person] = simulator.directory.people();
      simulator.directory.remove(person?.id ?? '');

      const sweeps = [await sweep(), await sweep()];

      expect(sweeps.map(({ news }) => toldOf(news))).toStrictEqual([[['user.deleted', person?.id]], []]);
      expect(sweeps[0]?.report.probes).toStrictEqual({ gone: 1, present: 0, unknown: 0 });
    },
  },
  {
    name: 'keeps who is missing from the list as long as he is found when asked about',
    trap: 'halfList',
    async run({ sweep, simulator }) {
      await sweep();
      simulator.traps.arm('halfList', { percent: 20 });

      const sweeps = [await sweep(), await sweep(), await sweep()];

      for (const { report, news } of sweeps) {
        expect(toldOf(news)).toStrictEqual([]);
        expect([report.counts.missing, report.probes?.gone]).toStrictEqual([4, 0]);
      }
    },
  },
];

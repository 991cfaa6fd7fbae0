import { isFeedError } from '../model/feed-error.ts';
import type { FeedMark } from '../model/feed-mark.ts';
import { instant } from '../model/instant.ts';
import { epochOf, judgeTable, type MarkPlace, type RestoreVerdict } from './restore-guard.ts';

/** The mark outside the table, and what it is compared with. */
export type MarkPorts = MarkPlace & {
  /** @throws config.invalid where there is none, or one that cannot be read; store.unavailable */
  readMark(): Promise<FeedMark>;
  writeMark(mark: FeedMark): Promise<void>;
  /** Which table it is: another answer after every restore. @throws store.unavailable */
  readTable(): Promise<string>;
  /** The highest epoch of any connection, 0 without one. */
  readHighestEpoch(): Promise<number>;
  readonly nowMs: () => number;
};

export type EpochGuard = {
  /** With every connection looked at. @throws as the mark's reading does */
  read(): Promise<RestoreVerdict>;
  /** The feed's epoch; names the table in a mark that names none. @throws store.restored, config.invalid, store.unavailable */
  claim(known: number): Promise<number>;
  /** Names the table in the mark, under an epoch that nobody has used, and answers that. */
  recover(by: string): Promise<number>;
};

/** Stands between a table and whoever would go on with it, although it knows less than consumers do. */
export function createEpochGuard(ports: MarkPorts): EpochGuard {
  const judge = async (known: () => Promise<number>) => {
    const mark = await ports.readMark();
    const table = await ports.readTable();
    return { mark, table, verdict: judgeTable(mark, table, await known()) };
  };
  return {
    read: async () => (await judge(ports.readHighestEpoch)).verdict,
    async claim(known) {
      const { mark, table, verdict } = await judge(async () => known);
      const epoch = epochOf(verdict, ports);
      if (verdict.kind !== 'unclaimed') return epoch;
      // A mark without a table may be one that was written anew over an older one: the connections know.
      epochOf(judgeTable(mark, table, await ports.readHighestEpoch()), ports);
      await ports.writeMark({ ...mark, tables: [table] });
      return epoch;
    },
    async recover(by) {
      // One that is lost cannot be asked; what connections have used is known nevertheless.
      const mark = await ports.readMark().catch((error: unknown) => {
        if (isFeedError(error, 'config.invalid')) return { epoch: 1 };
        throw error;
      });
      const epoch = Math.max(mark.epoch, await ports.readHighestEpoch()) + 1;
      const recovered = { by, at: instant(ports.nowMs()) };
      await ports.writeMark({ epoch, tables: [await ports.readTable()], recovered });
      return epoch;
    },
  };
}

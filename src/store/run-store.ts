import * as z from 'zod/mini';
import type { ConnectionId } from '../model/ids.ts';
import { epochMs, type Instant } from '../model/instant.ts';
import { connectionPartition, type Key } from './keys.ts';
import { readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import type { TableClient } from './table-client.ts';

/** A resync or a replay that was begun: what the same command needs in order to go on with it. */
export type BegunRun = {
  /** Part of the ids of its events. */
  readonly runId: string;
  readonly startedAt: Instant;
  /** How many events have been taken so far. */
  readonly taken: number;
  /** What was last taken: meaningful to the run alone. */
  readonly cursor?: { readonly [part: string]: string | number };
  /** What stays as it was at the beginning, as JSON. */
  readonly basis?: string;
};

/** Runs that operators have begun, by what was asked for. */
export type RunStore = {
  readRun(connectionId: ConnectionId, ask: string): Promise<BegunRun | undefined>;
  writeRun(connectionId: ConnectionId, ask: string, run: BegunRun): Promise<void>;
  deleteRun(connectionId: ConnectionId, ask: string): Promise<void>;
};

/** So long a run can be gone on with. */
export const runRetentionDays = 7;

const runSchema = z.looseObject({
  runId: z.string(),
  startedAt: z.string(),
  taken: z.int(),
  cursor: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
  basis: z.optional(z.string()),
});

const runKey = (id: ConnectionId, ask: string): Key => ({ pk: connectionPartition(id), sk: `run#${ask}` });

export function createRunStore(table: TableClient, nowMs: () => number): RunStore {
  return {
    async readRun(connectionId, ask) {
      const item = await table.get(runKey(connectionId, ask));
      if (item === undefined) return undefined;
      const run = readPart(item, runSchema, item.run, 'run_readable') as BegunRun;
      // The table deletes what has expired when it likes.
      return epochMs(run.startedAt) + runRetentionDays * 86_400_000 < nowMs() ? undefined : run;
    },
    async writeRun(connectionId, ask, run) {
      const until = Math.floor(epochMs(run.startedAt) / 1000) + runRetentionDays * 86_400;
      await table.put({ ...runKey(connectionId, ask), run, [ttlAttribute]: until });
    },
    async deleteRun(connectionId, ask) {
      await table.delete(runKey(connectionId, ask));
    },
  };
}

import * as z from 'zod/mini';
import type { AbsentUser } from '../model/absent-user.ts';
import { epochMs } from '../model/instant.ts';
import type { SweepRecordStore } from '../sweep/ports.ts';
import { absentKey, projectionKey, reportKey } from './keys.ts';
import { parseJson, readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import type { TableClient } from './table-client.ts';

/** How long reports of sweeps are kept. */
const reportRetentionDays = 30;
/** Absent users in one item: about 100 bytes each. */
const absentPerChunk = 2_000;

const absentListSchema = z.array(
  z.looseObject({ keyHash: z.string(), userId: z.optional(z.string()), missedSweeps: z.int() }),
);
const meaningsSchema = z.record(z.string(), z.string());

export function createSweepRecordStore(table: TableClient): SweepRecordStore {
  return {
    async writeAbsentList(connectionId, sweepId, absent) {
      const chunks = Math.ceil(absent.length / absentPerChunk);
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        const users = JSON.stringify(absent.slice(chunk * absentPerChunk, (chunk + 1) * absentPerChunk));
        await table.put({ ...absentKey(connectionId, sweepId, chunk), users });
      }
      return { sweepId, count: absent.length, chunks };
    },
    async readAbsentList(connectionId, { sweepId, count, chunks }) {
      const absent: AbsentUser[] = [];
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        const item = await table.get(absentKey(connectionId, sweepId, chunk));
        if (item === undefined) return undefined;
        const users = readPart(item, absentListSchema, parseJson(item.users), 'absent_list_readable');
        absent.push(...(users as unknown as AbsentUser[]));
      }
      return absent.length === count ? absent : undefined;
    },
    async deleteAbsentList(connectionId, { sweepId, chunks }) {
      const numbers = Array.from({ length: chunks }, (_, chunk) => chunk);
      await table.deleteMany(numbers.map((chunk) => absentKey(connectionId, sweepId, chunk)));
    },
    async writeProjection(connectionId, version, meanings) {
      await table.put({ ...projectionKey(connectionId, version), meanings: Object.fromEntries(meanings) });
    },
    async readProjection(connectionId, version) {
      const item = await table.get(projectionKey(connectionId, version));
      return item === undefined
        ? undefined
        : new Map(Object.entries(readPart(item, meaningsSchema, item.meanings, 'projection_readable')));
    },
    async writeReport(report) {
      const key = reportKey(report.connectionId, report.sweepId);
      const until = Math.floor(epochMs(report.endedAt) / 1000) + reportRetentionDays * 86_400;
      await table.put({ ...key, report, [ttlAttribute]: until });
    },
  };
}

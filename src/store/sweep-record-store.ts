import * as z from 'zod/mini';
import { epochMs } from '../model/instant.ts';
import type { SweepRecordStore } from '../sweep/ports.ts';
import { connectionPartition, projectionKey, reportKey, reportPrefix } from './keys.ts';
import { readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import type { Item, TableClient } from './table-client.ts';

type SweepReport = Parameters<SweepRecordStore['writeReport']>[0];

/** How long reports of sweeps are kept. */
const reportRetentionDays = 30;
/** Reports that one query reads: few are looked at, and a query without a limit reads a megabyte of them. */
const reportsPerQuery = 20;

const meaningsSchema = z.record(z.string(), z.string());
/** What a reader relies on; evidence and counts are this program's own. */
const reportSchema = z.looseObject({
  connectionId: z.string(),
  sweepId: z.string(),
  outcome: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  counts: z.record(z.string(), z.number()),
});

export function createSweepRecordStore(table: TableClient): SweepRecordStore {
  return {
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
    async readReport(connectionId, sweepId) {
      const item = await table.get(reportKey(connectionId, sweepId));
      return item === undefined ? undefined : readReportItem(item);
    },
    async *listReports(connectionId) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': connectionPartition(connectionId), ':prefix': reportPrefix },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: reportsPerQuery,
      });
      for await (const item of items) yield readReportItem(item);
    },
  };
}

function readReportItem(item: Item): SweepReport {
  return readPart(item, reportSchema, item.report, 'report_readable') as unknown as SweepReport;
}

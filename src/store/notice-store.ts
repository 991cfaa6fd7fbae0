import * as z from 'zod/mini';
import { type ConnectionNotice, noticeTypes } from '../model/notice.ts';
import type { NoticeStore } from '../sweep/dispatch-ports.ts';
import { noticeKey, noticePartition } from './keys.ts';
import { readPart } from './read-part.ts';
import { type Condition, isNotThere, type TableClient } from './table-client.ts';

const fact = { since: z.string(), epoch: z.int(), lastCompleteAt: z.optional(z.string()) };
const noticeSchema = z.looseObject({
  connectionId: z.string(),
  tenantId: z.string(),
  vendor: z.string(),
  failing: z.optional(z.looseObject({ ...fact, reason: z.looseObject({ code: z.string() }), failures: z.int() })),
  stale: z.optional(z.looseObject(fact)),
  recovered: z.optional(z.looseObject(fact)),
  pending: z.array(z.enum(noticeTypes)),
  revision: z.int(),
});

/** What consumers have been told of the health of connections: an item each, of those that are not well. */
export function createNoticeStore(table: TableClient): NoticeStore {
  return {
    async *listNotices() {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': noticePartition },
      });
      for await (const item of items)
        yield readPart(item, noticeSchema, item.notice, 'notice_readable') as unknown as ConnectionNotice;
    },
    async writeNotice(notice) {
      const next = { ...notice, revision: notice.revision + 1 };
      return table.put({ ...noticeKey(notice.connectionId), notice: next }, isRevision(notice));
    },
    async deleteNotice(notice) {
      return table.deleteIf(noticeKey(notice.connectionId), isRevision(notice));
    },
  };
}

/** Nobody has written it since: of two dispatchers at the same time one goes on. */
function isRevision({ revision }: ConnectionNotice): Condition {
  if (revision === 0) return isNotThere;
  return {
    expression: '#notice.#revision = :revision',
    names: { '#notice': 'notice', '#revision': 'revision' },
    values: { ':revision': revision },
  };
}

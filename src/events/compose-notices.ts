import type { ConnectionNotice, NoticeType } from '../model/notice.ts';
import { noticeIdOf } from './event-id.ts';
import { schemaVersion } from './feed-event.ts';
import type { NoticeEvent } from './notice-event.ts';

/** The events of a notice that are not on the bus yet. The same notice always yields the same events. */
export function composeNotices(notice: ConnectionNotice): readonly NoticeEvent[] {
  return notice.pending.flatMap((type) => composeNotice(notice, type) ?? []);
}

function composeNotice(notice: ConnectionNotice, type: NoticeType): NoticeEvent | undefined {
  const fact = notice[type];
  if (fact === undefined) return undefined;
  const { since, epoch, lastCompleteAt } = fact;
  const metadata = {
    eventId: noticeIdOf(notice.connectionId, type, since),
    schemaVersion,
    connectionId: notice.connectionId,
    tenantId: notice.tenantId,
    vendor: notice.vendor,
    epoch,
    origin: 'live' as const,
    observedAt: since,
  };
  const data = { since, ...(lastCompleteAt && { lastCompleteAt }) };
  if (type !== 'failing') return { type: `connection.${type}`, metadata, data };
  const { reason = { code: 'unknown' }, failures = 0 } = notice.failing ?? {};
  return { type: 'connection.failing', metadata, data: { ...data, reason: { ...reason }, failures } };
}

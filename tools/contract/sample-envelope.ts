import type { FeedEvent } from '../../src/events/feed-event.ts';
import type { NoticeEvent } from '../../src/events/notice-event.ts';
import { toBusEntry } from '../../src/events/pack-entries.ts';

/** An event as EventBridge would deliver it, with an account and a region of nobody's. */
export function sampleEnvelope(event: FeedEvent | NoticeEvent) {
  const { Source, DetailType, Time, Resources, Detail } = toBusEntry(event);
  return {
    version: '0',
    id: event.metadata.eventId,
    'detail-type': DetailType,
    source: Source,
    account: '111122223333',
    time: Time.toISOString().replace('.000Z', 'Z'),
    region: 'eu-central-1',
    resources: Resources,
    detail: JSON.parse(Detail) as { readonly metadata: object; readonly data: object },
  };
}

import { toBusEvent } from '../../local/event-bus/bus-event.ts';
import type { SqsBatch } from '../../src/consumer/public.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import type { ReceivedEvent } from './feed-under-test.ts';

/** An event as EventBridge puts it into a queue. */
export function bodyOf({ type, metadata, data }: ReceivedEvent): string {
  const detail = JSON.parse(JSON.stringify({ metadata, data }));
  return JSON.stringify(toBusEvent({ Source: 'user-change-feed', DetailType: type } as never, detail, 'id', 0));
}

/** A batch of messages as Lambda delivers it. */
export function batchOf(bodies: readonly string[]): SqsBatch {
  return { Records: bodies.map((body, at) => ({ messageId: `m${at + 1}`, body })) };
}

/** Changes to a sample event. */
export type SampleEvent = Partial<UserEvent['metadata']> & {
  readonly type?: UserEvent['type'];
  readonly user?: Partial<UserEvent['data']['user']>;
  readonly data?: Partial<UserEvent['data']>;
};

/** An event of an invented user, with what a test wants of it. */
export function aUserEvent(sample: SampleEvent = {}): UserEvent {
  const { type = 'user.updated', user, data, ...metadata } = sample;
  const { epoch = 1, sequence = 1, userId = 'u1' } = metadata;
  const tail = `${String(epoch).padStart(4, '0')}${String(sequence).padStart(8, '0')}`;
  return {
    type,
    metadata: {
      eventId: `00000000-0000-5000-8000-${tail}`,
      schemaVersion: '1.0',
      connectionId: 'acme',
      tenantId: 'acme',
      vendor: 'leen',
      mappingVersion: 1,
      epoch,
      sequence,
      userId,
      revision: 1,
      origin: 'live',
      sweep: { sweepId: 's1', mode: 'full', startedAt: '2026-11-23T08:00:00Z', complete: true, usersSeen: 1 },
      observedAt: '2026-11-23T08:00:00.000Z',
      window: { notAfter: '2026-11-23T08:00:00.000Z' },
      reason: { code: 'fields_changed' },
      ...metadata,
    },
    data: {
      user: { id: userId, status: 'active', ...user },
      changedFields: [],
      changes: [],
      ...(type === 'user.status_changed' && { status: { from: 'active', to: 'suspended' } }),
      ...data,
    },
  };
}

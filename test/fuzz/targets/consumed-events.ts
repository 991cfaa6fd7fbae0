import * as z from 'zod/mini';
import { createUserEventHandler } from '../../../src/consumer/create-user-event-handler.ts';
import { createMemoryConsumerTable } from '../../../src/consumer/memory-consumer-table.ts';
import { eventSchemaOf } from '../../../src/events/event-schema-of.ts';
import { isUserEvent } from '../../../src/events/is-user-event.ts';
import { parseFeedEvent } from '../../../src/events/parse-feed-event.ts';
import { parseUserEvent } from '../../../src/events/parse-user-event.ts';
import { toCloudEvent } from '../../../src/events/to-cloud-event.ts';
import type { Json } from '../../../src/model/json.ts';
import { aUserEvent, bodyOf } from '../../support/event-envelope.ts';
import { Broken, type FuzzOutcome, type FuzzTarget } from '../fuzz-target.ts';
import { personMark, refuseMarks, takeRefusal } from '../oracles.ts';

const user = {
  userName: personMark,
  displayName: personMark,
  emails: [{ value: `${personMark}@people.example`, primary: true }],
  phones: [{ value: '1', extension: '2' }],
  rawStatus: 'ACTIVE',
  roles: [{ id: 'r', name: 'admin', scope: { project: 'p' } }],
  groups: [{ id: 'g' }],
  identifiers: { a: [1, null] },
  vendorAttributes: { admin: true },
  createdAt: '2026-01-01T00:00:00.000Z',
};
const changes = [{ field: 'displayName', op: 'replace', from: personMark, to: `${personMark} 2` }] as const;

/** Messages as they come out of a queue: events, and whatever else somebody has put there. */
export function openConsumedEvents(): FuzzTarget {
  const events = [
    aUserEvent({ type: 'user.created', user, reason: { code: 'appeared' }, occurredAt: '2026-01-01T00:00:00.000Z' }),
    aUserEvent({
      type: 'user.updated',
      user,
      data: { changedFields: ['displayName'], changes: [...changes], before: { displayName: personMark } },
    }),
    aUserEvent({ type: 'user.status_changed', user }),
    aUserEvent({
      type: 'user.deleted',
      user,
      data: { thin: true, truncated: ['bio'], truncatedValues: { bio: { count: 1, digest: 'd' } } },
    }),
  ].map((event) => JSON.parse(JSON.stringify(event)) as Json);
  const envelopes = events.map((event) => JSON.parse(bodyOf(event as never)) as Json);
  const wrapped = envelopes.map((envelope) => ({ messageId: 'm', body: JSON.stringify(envelope) }));
  const notified = { Sns: { Message: JSON.stringify(envelopes[0] ?? null) } };
  const named = { ...(envelopes[0] as object), 'detail-type': personMark };
  return { corpus: [...events, ...envelopes, ...wrapped, notified, named], run: takeMessage };
}

async function takeMessage(input: Json): Promise<FuzzOutcome> {
  await takeBatch(input);
  try {
    const event = parseFeedEvent(input);
    // Not as it is composed: what a type does not have is passed on as an unknown field.
    if (!z.safeParse(eventSchemaOf(event.type) ?? z.never(), event).success)
      throw new Broken('schema', 'an accepted event is not of the schema');
    if (isUserEvent(event) !== (parseOrUndefined(input) !== undefined)) throw new Broken('kind', event.type);
    if (isUserEvent(event)) JSON.stringify(toCloudEvent(event));
    return { kind: 'accepted', note: `${event.type} ${Object.keys(event.data)}` };
  } catch (error) {
    return takeRefusal(error, { codes: ['event.'], alsoBugs: ['event.invalid', 'event.other_version'] });
  }
}

function parseOrUndefined(input: Json): unknown {
  try {
    return parseUserEvent(input);
  } catch {
    return undefined;
  }
}

/** A consumer's function never throws: what cannot be taken is delivered again, alone. */
async function takeBatch(input: Json): Promise<void> {
  const handler = createUserEventHandler({
    table: createMemoryConsumerTable(),
    applyInSameWrite: (event) => ({ id: event.metadata.userId }),
    onFailure: (failed) => refuseMarks(JSON.stringify(failed)),
  });
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  const good = bodyOf(aUserEvent({ userId: 'good' }) as never);
  const { batchItemFailures } = await handler({
    Records: [
      { messageId: 'm1', body },
      { messageId: 'm2', body: good },
    ],
  });
  if (batchItemFailures.some(({ itemIdentifier }) => itemIdentifier !== 'm1'))
    throw new Broken('batch', 'another message failed, too');
}

import { isDeepStrictEqual } from 'node:util';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { contractFaults } from '../support/consumer.ts';
import type { ReceivedEvent } from '../support/feed-under-test.ts';
import type { OutsideConsumers } from './outside-consumers.ts';
import type { OutsideVendors } from './outside-vendors.ts';

type Around = { readonly vendors: OutsideVendors; readonly consumers: OutsideConsumers };

const detailOf = ({ 'detail-type': type, detail }: BusEvent) => ({ type, ...detail }) as unknown as ReceivedEvent;
const idOf = (event: BusEvent) => detailOf(event).metadata.eventId;

/** What must hold whenever one looks: one content an event id, and nothing that no vendor has ever shown. */
export async function faultsSoFar({ vendors, consumers }: Around): Promise<readonly string[]> {
  const events = [...consumers.posted, ...consumers.polled];
  await vendors.looked();
  return [...consumers.failures, ...contentFaults(events), ...events.flatMap((event) => inventions(event, vendors))];
}

/** What must hold once the feed has had time: every event has come everywhere, and the consumer knows the vendors' lists. */
export function faultsInTheEnd(around: Around, inFile: readonly BusEvent[]): readonly string[] {
  const { vendors, consumers } = around;
  const each = [...vendors.shown.keys()].flatMap((id) => [
    ...differences(id, around),
    ...orderFaults(consumers.posted, id).map((fault) => `${id}: ${fault}`),
  ]);
  const posted = new Set(consumers.posted.map(idOf));
  return [
    ...each,
    ...absences('the queue', new Set(consumers.polled.map(idOf)), posted),
    ...absences('the file', new Set(inFile.map(idOf)), posted),
    ...absences('the webhook', posted, new Set([...consumers.polled, ...inFile].map(idOf))),
  ];
}

/** Where the consumer's table is not the vendor's list. */
export function differences(id: string, { vendors, consumers }: Around): readonly string[] {
  const real = vendors.shown.get(id)?.present() ?? new Map<string, string>();
  const believed = consumers.usersOf(id);
  return [...new Set([...real.keys(), ...believed.keys()])].flatMap((user) =>
    real.get(user) === believed.get(user)
      ? []
      : [`${id} ${user}: the vendor has ${real.get(user)}, the consumer ${believed.get(user)}`],
  );
}

function contentFaults(events: readonly BusEvent[]): readonly string[] {
  const contents = new Map<string, ReceivedEvent>();
  return events.flatMap((event) => {
    const detail = detailOf(event);
    const before = contents.get(detail.metadata.eventId);
    contents.set(detail.metadata.eventId, detail);
    return before === undefined || isDeepStrictEqual(before, detail)
      ? []
      : [`two contents of event ${detail.metadata.eventId}: ${JSON.stringify(before)} and ${JSON.stringify(detail)}`];
  });
}

function inventions(event: BusEvent, vendors: OutsideVendors): readonly string[] {
  if (!event['detail-type'].startsWith('user.')) return [];
  const { type, metadata, data } = detailOf(event) as unknown as UserEvent;
  const { connectionId, userId } = metadata;
  const shown = vendors.shown.get(connectionId);
  if (type === 'user.deleted') {
    const isTrue = shown?.wasMissing(userId) === true;
    return isTrue ? [] : [`${connectionId} ${userId} was deleted, and was never missing`];
  }
  const isTrue = shown?.wasShown(userId, vendors.textOf(connectionId, data.user)) === true;
  return isTrue ? [] : [`${type} of ${connectionId} ${userId} tells what nobody has shown: ${JSON.stringify(data)}`];
}

/** Gaps and repetitions of `sequence` and `revision`. Nothing here changes a user in silence. */
function orderFaults(events: readonly BusEvent[], id: string): readonly string[] {
  const own = events.map(detailOf).filter(({ metadata }) => metadata.connectionId === id);
  // Notices of a connection's health have no place in the order.
  const numbered = own.filter(({ metadata }) => metadata.sequence !== undefined);
  const revisions = new Map<string, Set<number>>();
  for (const { metadata } of numbered as unknown as readonly UserEvent[]) {
    if (metadata.userId === undefined) continue;
    revisions.set(metadata.userId, (revisions.get(metadata.userId) ?? new Set()).add(metadata.revision));
  }
  const gaps = [...revisions]
    .filter(([, known]) => Math.max(...known) !== known.size)
    .map(([user, known]) => `the revisions of ${user} are ${[...known].toSorted((a, b) => a - b).join(' ')}`);
  return [...contractFaults(numbered), ...gaps];
}

function absences(where: string, arrived: ReadonlySet<string>, expected: ReadonlySet<string>): readonly string[] {
  const missing = [...expected].filter((id) => !arrived.has(id));
  return missing.length === 0 ? [] : [`${missing.length} events have never come to ${where}: ${missing[0]} …`];
}

import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { createUserEventHandler } from '../../src/consumer/create-user-event-handler.ts';
import { createMemoryConsumerTable } from '../../src/consumer/memory-consumer-table.ts';
import { createProjection, projectionText } from '../../src/diff/projection.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { walk } from '../conformance/vendor-under-test.ts';
import { contractFaults } from '../support/consumer.ts';
import type { ReceivedEvent } from '../support/feed-under-test.ts';

/** A consumer of everything, built from what consumers import. */
export type SoakedConsumer = {
  readonly eventCount: number;
  take(event: BusEvent): Promise<void>;
  /** Where its table and the vendor's list differ in a field that counts, and where events broke their contract. */
  differences(list: UserList): Promise<readonly string[]>;
};

export function createSoakedConsumer(): SoakedConsumer {
  const table = createMemoryConsumerTable();
  const received: ReceivedEvent[] = [];
  const unread: string[] = [];
  const handler = createUserEventHandler({
    table,
    applyInSameWrite: ({ type, metadata: { connectionId, userId }, data }) => ({
      id: userId,
      connectionId,
      user: type === 'user.deleted' ? undefined : data.user,
    }),
    onFailure: (failed) => unread.push(`the consumer cannot take an event: ${JSON.stringify(failed)}`),
  });
  return {
    get eventCount() {
      return received.length;
    },
    async take(event) {
      received.push({ type: event['detail-type'], ...(event.detail as unknown as Omit<ReceivedEvent, 'type'>) });
      await handler({ Records: [{ messageId: event.id, body: JSON.stringify(event) }] } as never);
    },
    async differences(list) {
      const { connectionId: id } = list;
      const pages = await walk(list);
      const projection = createProjection(list.projection, [], () => '');
      const textOf = (user: unknown) => projectionText(user as ObservedUser, projection);
      const present = pages.flatMap(({ users }) => users).filter(({ status }) => status !== 'deleted');
      const real = new Map(present.map((user) => [user.id as string, textOf(user)]));
      const rows = table.rows().filter((row) => row.connectionId === id && row.user !== undefined);
      const believed = new Map(rows.map((row) => [String(row.id), textOf(row.user)]));
      const differing = [...new Set([...real.keys(), ...believed.keys()])].filter(
        (user) => real.get(user) !== believed.get(user),
      );
      const own = received.filter(({ metadata }) => metadata.connectionId === id);
      // Notices of a connection's health have no place in the order.
      const ordered = own.filter(({ metadata }) => metadata.sequence !== undefined);
      return [
        ...unread.splice(0),
        ...contractFaults(ordered).map((fault) => `${id}: ${fault}`),
        ...differing.map(
          (user) =>
            `${id} ${user}: the list has ${real.get(user) ?? 'nobody'}, the consumer ${believed.get(user) ?? 'nobody'}`,
        ),
      ];
    },
  };
}

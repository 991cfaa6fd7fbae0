import { createHash } from 'node:crypto';
import type { Connection } from '../../src/model/connection.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { ConnectionNotice } from '../../src/model/notice.ts';
import { stateKey } from '../../src/store/keys.ts';
import { stateItem } from '../../src/store/state-store.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import { dispatchDue } from '../../src/sweep/dispatch-due.ts';
import type { QueuedMessage } from '../../src/sweep/dispatch-ports.ts';
import { aConnection, aState } from '../unit/store/sample-log.ts';
import type { TestTable } from './test-table.ts';

export const noonMs = Date.UTC(2026, 10, 23, 12);
export const noon: Instant = instant(noonMs);
export const minuteMs = 60_000;

/** A dispatcher over the real store, with a queue and a bus that remember; each its own table. */
export function dispatchUnderTest(table: TestTable) {
  const { store, wire } = table.open();
  const clock = { nowMs: noonMs };
  const sent: QueuedMessage[] = [];
  const published: ConnectionNotice[] = [];
  const faults: (readonly [ConnectionId | undefined, unknown])[] = [];
  const queue = { refuses: (_: QueuedMessage): boolean => false };
  const bus = { isMissing: false };
  const dispatch = () =>
    dispatchDue({
      store,
      queue: {
        async send(messages) {
          sent.push(...messages.filter((one) => !queue.refuses(one)));
          return messages.filter((one) => queue.refuses(one));
        },
      },
      async publish(notices) {
        if (bus.isMissing) throw new Error('no bus');
        published.push(...notices);
      },
      readEpoch: async () => 1,
      nowMs: () => clock.nowMs,
      hashText: (text) => createHash('sha256').update(text).digest('hex').slice(0, 16),
      onFault: (id, error) => faults.push([id, error]),
    });
  return {
    store,
    wire,
    clock,
    sent,
    published,
    faults,
    queue,
    bus,
    dispatch,
    /** Who was asked to be swept since the last look. */
    asked: () => sent.splice(0).map(({ message }) => message.connectionId),
    /** What was told since the last look: `stale acme`. */
    told: () => published.splice(0).flatMap(({ pending, connectionId: id }) => pending.map((type) => `${type} ${id}`)),
    /** A connection with settings and a state, due at once unless the state says otherwise. */
    async add(name: string, changes: Partial<Connection> = {}, state: Partial<ConnectionState> = {}) {
      const id = connectionId(name);
      await store.saveConnection(
        aConnection(id, { baseUrl: `https://${name}.example`, ...changes }),
        () => 'key',
        clock.nowMs,
      );
      await this.setState(name, state);
      return id;
    },
    async setState(name: string, state: Partial<ConnectionState>) {
      const id = connectionId(name);
      const before = await store.readState(id);
      await table.raw.put(stateItem(id, { leaseToken: 1 }, aState({ ...before, ...state })));
    },
    itemOf: (name: string) => table.raw.get(stateKey(connectionId(name))),
  };
}

import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Connection } from '../../src/model/connection.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import type { Attributes } from './dynamo/attribute-value.ts';
import type { MemoryTable } from './dynamo/memory-table.ts';

/** When each of the connections is due. */
export function dueTimes(table: MemoryTable, ids: Iterable<string>): readonly number[] {
  return [...ids].flatMap((id) => {
    const due = table.get({ pk: `connection#${id}`, sk: 'state' })?.dueAt?.S;
    return due === undefined ? [] : [Date.parse(due)];
  });
}

/** When the leases that are held run out. */
export function leaseEnds(table: MemoryTable, ids: Iterable<string>): readonly number[] {
  return [...ids].flatMap((id) => {
    const end = table.get({ pk: `connection#${id}`, sk: 'state' })?.leaseExpiresAtMs?.N;
    return end === undefined ? [] : [Number(end) + 1];
  });
}

/** A connection as it is saved at this moment. */
export function connectionIn(table: MemoryTable, id: string): Connection | undefined {
  const item = table.get({ pk: `connection#${id}`, sk: 'settings' });
  return item?.connection?.M && (unmarshall(item.connection.M as never) as Connection);
}

/** Items are never changed, only replaced. */
const read = new WeakMap<Attributes, ConnectionState>();

/** The state of a connection as the table has it at this moment. */
export function stateOf(table: MemoryTable, id: string): ConnectionState | undefined {
  const item = table.get({ pk: `connection#${id}`, sk: 'state' });
  if (item?.state?.M === undefined) return undefined;
  const state = read.get(item) ?? (unmarshall(item.state.M as never) as ConnectionState);
  read.set(item, state);
  return state;
}

import type { Claim, ConsumerTable, OwnAttributes, Versioned } from './consumer-table.ts';
import type { EventPlace } from './event-place.ts';
import type { SeenSequences } from './seen-sequences.ts';

type Place = Pick<EventPlace, 'epoch' | 'revision' | 'eventId'>;
type Row = {
  applied?: Place;
  begun?: Place;
  lease?: { readonly holder: string; readonly untilMs: number };
  attributes: OwnAttributes;
};

export type MemoryConsumerTable = ConsumerTable & {
  /** What the consumer keeps of a user. */
  attributesOf(connectionId: string, userId: string): OwnAttributes | undefined;
  /** Everything the consumer keeps, in the order in which users first came. */
  rows(): readonly OwnAttributes[];
};

/** A consumer's table in memory: for tests and trials. With the program it forgets what was applied. */
export function createMemoryConsumerTable(): MemoryConsumerTable {
  const rows = new Map<string, Row>();
  const sequences = new Map<string, Versioned<SeenSequences>>();
  const rowOf = ({ connectionId, userId }: Pick<EventPlace, 'connectionId' | 'userId'>) => {
    const key = JSON.stringify([connectionId, userId]);
    const row = rows.get(key) ?? { attributes: {} };
    rows.set(key, row);
    return row;
  };
  const claimRow = (row: Row, place: EventPlace, nowMs: number): Claim => {
    if (!isBeyond(place, row.applied)) return 'stale';
    if (row.begun !== undefined && compare(place, row.begun) < 0) return 'superseded';
    return row.lease !== undefined && row.lease.untilMs > nowMs ? 'busy' : 'claimed';
  };
  return {
    async write(place, attributes) {
      const row = rowOf(place);
      if (!isBeyond(place, row.applied)) return false;
      const kept = Object.entries({ ...row.attributes, ...attributes }).filter(([, value]) => value !== undefined);
      Object.assign(row, { applied: place, attributes: Object.fromEntries(kept) });
      return true;
    },
    async claim(place, { holder, nowMs, untilMs }) {
      const row = rowOf(place);
      const claim = claimRow(row, place, nowMs);
      if (claim === 'claimed') Object.assign(row, { begun: place, lease: { holder, untilMs } });
      return claim;
    },
    async confirm(place, holder) {
      const row = rowOf(place);
      if (row.lease?.holder !== holder) return false;
      row.applied = place;
      delete row.lease;
      return true;
    },
    readSequences: async (connectionId) => sequences.get(connectionId),
    async writeSequences(connectionId, version, value) {
      if ((sequences.get(connectionId)?.version ?? 0) !== version) return false;
      sequences.set(connectionId, { version: version + 1, value });
      return true;
    },
    attributesOf: (connectionId, userId) => rows.get(JSON.stringify([connectionId, userId]))?.attributes,
    rows: () => [...rows.values()].map(({ attributes }) => attributes),
  };
}

function isBeyond(place: EventPlace, applied: Place | undefined): boolean {
  if (applied === undefined) return true;
  const order = compare(place, applied);
  return order > 0 || (order === 0 && place.isResync && place.eventId !== applied.eventId);
}

function compare(one: Place, other: Place): number {
  return one.epoch - other.epoch || one.revision - other.revision;
}

import type { Feed } from '../../../cli/feed.ts';
import type { HoldRecord } from '../../../src/model/hold.ts';
import { connectionId } from '../../../src/model/ids.ts';
import type { OperatorRequest } from '../../../src/model/operator-request.ts';
import type { FeedStore } from '../../../src/store/create-store.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { aConnection, aState } from '../store/sample-log.ts';

export const acme = connectionId('acme');

/** What a feed of one connection, `acme`, knows. */
export type Known = {
  readonly state?: ConnectionState;
  readonly requests?: readonly OperatorRequest[];
  readonly records?: readonly HoldRecord[];
  readonly isRemoved?: boolean;
};

export function aFeed({ state = aState(), requests = [], records = [], isRemoved = false }: Known = {}) {
  const store: Partial<FeedStore> = {
    readConnection: async (id) => (id === acme && !isRemoved ? aConnection(acme) : undefined),
    readState: async (id) => (id === acme ? state : undefined),
    readRequests: async () => requests,
    readHold: async (_, holdId) => records.find(({ hold }) => hold.holdId === holdId),
    async *listHolds() {
      yield* records;
    },
  };
  const feed: Pick<Feed, 'store' | 'connections'> = {
    store: store as FeedStore,
    connections: async () => (isRemoved ? [] : [acme]),
  };
  return feed;
}

import { createProtector, type Protector } from '../src/diff/protect-user.ts';
import type { Connection } from '../src/model/connection.ts';
import { FeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { Protection } from '../src/model/protection.ts';

export type ProtectorSources = {
  readonly store: {
    readConnection(id: ConnectionId): Promise<Pick<Connection, 'protection'> | undefined>;
    readState(id: ConnectionId): Promise<{ readonly digestKey: string } | undefined>;
  };
  readonly nowMs: () => number;
};

/** So long a connection's protection is taken for unchanged. */
export const protectorLifeMs = 60_000;
const nothing: Protection = { redact: [], hash: [] };

/** The protectors of connections by their present settings; nothing is masked for one that no longer exists. */
export function createProtectorCache({ store, nowMs }: ProtectorSources): (id: ConnectionId) => Promise<Protector> {
  const cached = new Map<ConnectionId, { readonly protector: Protector; readonly readAtMs: number }>();
  const readProtector = async (id: ConnectionId) => {
    const connection = await store.readConnection(id);
    return connection === undefined
      ? createProtector(nothing, '')
      : createProtector(connection.protection, await readDigestKey(store, id));
  };
  return async (id) => {
    const known = cached.get(id);
    if (known !== undefined && nowMs() - known.readAtMs < protectorLifeMs) return known.protector;
    const readAtMs = nowMs();
    const protector = await readProtector(id);
    cached.set(id, { protector, readAtMs });
    return protector;
  };
}

/** Without the key a hash would be one that anybody can compute. */
async function readDigestKey(store: ProtectorSources['store'], id: ConnectionId): Promise<string> {
  const state = await store.readState(id);
  if (state !== undefined) return state.digestKey;
  throw new FeedError('internal.invariant', `${id} has settings but no state`, { invariant: 'connection_has_state' });
}

import type { ConnectionId } from '../model/ids.ts';
import { isLeaseDead } from '../model/lease-life.ts';
import { leaseLost } from '../model/lease-lost.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Lease, StateStore } from './ports.ts';

type HeldLease = Pick<Lease, 'holder' | 'expiresAtMs'>;

/** State and lease of a connection as the overlay leaves them; without `held` the lease was given back. */
type Standing = { readonly state: ConnectionState; readonly token: number; readonly held?: HeldLease };

/**
 * States and leases in memory. The base's lease is taken to be free: the port can only look at it by taking it.
 * From the first lease on, the state is the one that stood in the base at that moment.
 */
export function overlayState(base: Pick<StateStore, 'readState'>): StateStore {
  const standings = new Map<ConnectionId, Standing>();
  const readState = async (connectionId: ConnectionId) =>
    standings.get(connectionId)?.state ?? (await base.readState(connectionId));
  const isHeld = ({ connectionId, token }: Lease) => {
    const there = standings.get(connectionId);
    return there?.token === token && there.held !== undefined;
  };
  const hold = ({ connectionId, token, holder, expiresAtMs }: Lease, state: ConnectionState) =>
    void standings.set(connectionId, { state, token, held: { holder, expiresAtMs } });
  return {
    async acquireLease(connectionId, ask) {
      const read = await readState(connectionId);
      const before = standings.get(connectionId);
      const present = before?.state ?? read;
      if (present === undefined) return { kind: 'unknown_connection' };
      if (before?.held !== undefined && !isLeaseDead(before.held, ask)) return { kind: 'held' };
      const { holder, expiresAtMs } = ask;
      const lease: Lease = { connectionId, token: (before?.token ?? 0) + 1, holder, expiresAtMs };
      const state = { ...present, attempts: present.attempts + 1 };
      hold(lease, state);
      return { kind: 'taken', lease, state, tookOver: before?.held !== undefined };
    },
    async saveState(lease, state) {
      if (!isHeld(lease)) throw leaseLost(lease.connectionId);
      hold(lease, state);
    },
    async releaseLease(lease, state) {
      const { connectionId, token } = lease;
      const there = standings.get(connectionId);
      if (there?.token !== token) throw leaseLost(connectionId);
      // Giving it back again is no fault, and changes nothing.
      if (there.held !== undefined) standings.set(connectionId, { state, token });
    },
    async abandonLease(lease, nowMs) {
      const there = standings.get(lease.connectionId);
      if (there !== undefined && isHeld(lease)) hold({ ...lease, expiresAtMs: nowMs - 1 }, there.state);
    },
    readState,
  };
}

import type { Connection } from '../model/connection.ts';
import { epochMs, type Instant, instant } from '../model/instant.ts';
import type { DispatchedConnection } from './dispatch-ports.ts';
import { maintenanceEndMs } from './maintenance-window.ts';
import { deathsOf } from './tick.ts';

/** What becomes of a connection that is due. */
export type Readiness =
  | { readonly kind: 'ready' | 'backing_off' }
  | { readonly kind: 'postponed'; readonly to: Instant };

/** A paused connection is looked at this often; resuming it makes it due at once. */
const pausedForMs = 15 * 60_000;
const maxBackOffMs = 6 * 3_600_000;
const minuteMs = 60_000;

/**
 * Whether a connection that is due is swept. One whose ticks die before they can move its due time is tried more and
 * more rarely, measured from the due time that stands still.
 */
export function judgeReadiness({ connection, state }: DispatchedConnection, nowMs: number): Readiness {
  if (connection.paused === true) return { kind: 'postponed', to: instant(nowMs + pausedForMs) };
  const endMs = maintenanceEndMs(connection.maintenance, nowMs);
  if (endMs !== undefined) return { kind: 'postponed', to: instant(endMs) };
  const deaths = deathsOf(state);
  if (deaths === 0) return { kind: 'ready' };
  const waitMs = Math.min(minuteMs * 2 ** Math.min(deaths - 1, 10), maxBackOffMs);
  return { kind: nowMs - epochMs(state.dueAt) < waitMs ? 'backing_off' : 'ready' };
}

/** At most a fifteenth of the interval, and less than a minute, so that not all connections begin at once. */
export function jitterSeconds({ id, everySeconds }: Connection, hashText: (text: string) => string): number {
  const spread = Math.max(1, Math.min(60, Math.floor(everySeconds / 15)));
  return Number.parseInt(hashText(`jitter ${id}`).slice(0, 8), 16) % spread;
}

/** What connections share that ask one vendor with the same credential: its limits, and its patience. */
export function budgetOf({ vendor, baseUrl, credentials }: Connection, hashText: (text: string) => string): string {
  const references = Object.entries(credentials).map(([name, reference]) => [
    name,
    Object.entries(reference).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  references.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return hashText(JSON.stringify([vendor, baseUrl, references]));
}

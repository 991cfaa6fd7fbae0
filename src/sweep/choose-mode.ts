import { choosePurpose } from '../diff/sweep-policy.ts';
import { epochMs, type Instant } from '../model/instant.ts';
import type { SweepMode } from '../model/log-batch.ts';
import type { ConnectionState } from './connection-state.ts';
import type { UserList } from './ports.ts';
import { deathsOf } from './tick.ts';

export type ModeAsk = { readonly mode?: SweepMode; readonly dueAt?: Instant; readonly nowMs: number };

/** Which sweep is next: the one that is asked for, or the one that is due. Only a list that is known can have a delta. */
export function chooseMode(state: ConnectionState, list: UserList, { mode, dueAt, nowMs }: ModeAsk): SweepMode {
  if (!list.hasDelta || choosePurpose(state.lastComplete, list) !== 'live') return 'full';
  if (state.delta?.since === undefined) return 'full';
  if (mode !== undefined) return mode;
  const isFullDue = state.fullDueAt === undefined || epochMs(state.fullDueAt) <= nowMs;
  if (dueAt === undefined || list.deltaEverySeconds === undefined) return 'full';
  // What kills the ticks of full sweeps may spare those of deltas: where ticks keep dying, both are tried in turn.
  const isDeltasTurn = deathsOf(state) % 2 === 1;
  return isFullDue && !isDeltasTurn ? 'full' : 'delta';
}

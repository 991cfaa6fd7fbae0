import type { PriorAbsence } from '../diff/absence.ts';
import { createAbsentList } from '../diff/absent-list.ts';
import { createDigester } from '../diff/digest.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import type { KnownHold } from '../diff/judge-change.ts';
import { createPairTable } from '../diff/pair-table.ts';
import { createProjection, type Projection } from '../diff/projection.ts';
import { createProtector } from '../diff/protect-user.ts';
import { choosePurpose, type SweepPolicy } from '../diff/sweep-policy.ts';
import { epochMs, instant } from '../model/instant.ts';
import type { SweepMode } from '../model/log-batch.ts';
import type { Checkpoint, SweepBasis } from './checkpoint.ts';
import type { ConnectionState } from './connection-state.ts';
import type { SweepPorts, SweepStore, UserList } from './ports.ts';
import { createMeanings } from './projection-meanings.ts';
import type { Sweep } from './sweep.ts';
import type { Held } from './take-lease.ts';

/** A delta asks for what changed since a bit before the sweep before: clocks differ, and vendors index late. */
export const deltaOverlapMs = 10 * 60_000;

export type SweepStart = {
  readonly held: Held;
  readonly index: DigestIndex;
  readonly mode: SweepMode;
  readonly deadlineMs: number;
  /** Where the sweep goes on; absent for a new one. */
  readonly checkpoint?: Checkpoint;
};

/** Puts together what a sweep goes by, be it a new one or one that goes on. */
export async function beginSweep(ports: SweepPorts, list: UserList, start: SweepStart): Promise<Sweep> {
  const { state } = start.held;
  const projection = projectionOf(ports, list);
  if (state.projectionVersion !== projection.version)
    await ports.store.writeProjection(list.connectionId, projection.version, projection.meanings);
  const meanings = createMeanings(ports.store, list.connectionId);
  const digester = createDigester(state.digestKey);
  const basis = start.checkpoint?.basis ?? newBasis(ports, list, state, { mode: start.mode, projection });
  return {
    ports,
    list,
    held: start.held,
    basis,
    tick: start.checkpoint?.tick ?? 1,
    deadlineMs: start.deadlineMs,
    index: start.index,
    projection,
    protector: createProtector(list.protection, state.digestKey),
    context: { projection, digester, policy: policyOf(list, state, basis), meaningsOf: meanings.of },
    meanings,
    prior: await readPriorAbsence(ports.store, list, state),
    holds: basis.purpose === 'baseline' ? [] : await readHolds(ports.store, list, state),
  };
}

export function projectionOf(ports: Pick<SweepPorts, 'hashText'>, list: UserList): Projection {
  return createProjection(list.projection, list.ignoredFields, ports.hashText, list.protection);
}

/** Whether what a sweep began with still holds: another list or another mapping is another sweep. */
export function isSameBasis(basis: SweepBasis, list: UserList, projection: Projection): boolean {
  return (
    basis.directory === list.directory && basis.scope === list.scope && basis.projectionVersion === projection.version
  );
}

function newBasis(
  { nowMs, newSweepId }: SweepPorts,
  list: UserList,
  { lastComplete, delta }: ConnectionState,
  { mode, projection }: { readonly mode: SweepMode; readonly projection: Projection },
): SweepBasis {
  const startedAtMs = nowMs();
  const since = delta?.since;
  return {
    sweepId: newSweepId(startedAtMs),
    mode,
    startedAt: instant(startedAtMs),
    purpose: choosePurpose(lastComplete, list),
    directory: list.directory,
    scope: list.scope,
    projectionVersion: projection.version,
    ...(mode === 'delta' && since !== undefined && { updatedSince: instant(epochMs(since) - deltaOverlapMs) }),
  };
}

function policyOf(list: UserList, state: ConnectionState, { purpose }: SweepBasis): SweepPolicy {
  const { lastComplete, directorySince, removedBy } = state;
  return {
    purpose,
    baseline: list.baseline,
    // Nobody has watched a connection that was removed: whoever is listed now is listed for the first time.
    sameDirectory: lastComplete === undefined ? removedBy === undefined : lastComplete.directory === list.directory,
    ...(purpose !== 'baseline' && directorySince !== undefined && { directorySince }),
    ...lossOf(state),
  };
}

/** Open until a list that began after it was complete. */
function lossOf({ loss, lastComplete }: ConnectionState): Pick<SweepPolicy, 'loss'> {
  if (loss === undefined) return {};
  const isOpen = lastComplete === undefined || lastComplete.startedAt < loss.at;
  return { loss: { revision: loss.position, isOpen } };
}

async function readPriorAbsence(store: SweepStore, list: UserList, state: ConnectionState): Promise<PriorAbsence> {
  const { absent, lastComplete } = state;
  const bytes = absent.blob === undefined ? new Uint8Array() : await store.readBlob(list.connectionId, absent.blob);
  return {
    list: createAbsentList(bytes === undefined || bytes.length === 0 ? undefined : bytes),
    // A list that is gone is not one with nobody on it: counting starts again.
    ...(bytes !== undefined && { sweepId: absent.sweepId }),
    ...(lastComplete !== undefined && { lastComplete }),
  };
}

async function readHolds(store: SweepStore, list: UserList, { holds }: ConnectionState): Promise<readonly KnownHold[]> {
  const known: KnownHold[] = [];
  for (const hold of holds) {
    const bytes = hold.members === undefined ? undefined : await store.readBlob(list.connectionId, hold.members);
    known.push({ hold, members: createPairTable(bytes ?? new Uint8Array()) });
  }
  return known;
}

import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import { epochMs } from '../../../src/model/instant.ts';
import type { SweepBasis } from '../../../src/sweep/checkpoint.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { SweepStore, UserList } from '../../../src/sweep/ports.ts';
import { createMeanings } from '../../../src/sweep/projection-meanings.ts';
import { createStaging, type Staging } from '../../../src/sweep/staging.ts';
import type { Sweep } from '../../../src/sweep/sweep.ts';
import { aContext, aProjection, at } from '../../support/builders.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { listOf, scriptedVendor } from '../../support/scripted-vendor.ts';
import { aState } from '../store/sample-log.ts';

export const acme = connectionId('acme');

export type SweepGiven = Partial<Omit<Sweep, 'list' | 'basis' | 'ports' | 'prior'>> & {
  readonly store?: SweepStore;
  readonly list?: Partial<UserList>;
  readonly basis?: Partial<SweepBasis>;
  readonly state?: Partial<ConnectionState>;
  readonly absent?: readonly AbsentUser[];
  readonly nowMs?: () => number;
};

/** A sweep under way at minute 60, of a connection whose lease it has. */
export async function aSweep({ store = createMemoryStore(), list, state, basis, ...given }: SweepGiven = {}) {
  const nowMs = given.nowMs ?? (() => epochMs(at(61)));
  const projection = aProjection();
  const ask = { holder: 'worker', nowMs: nowMs(), expiresAtMs: nowMs() + 60_000, ownsAllLeases: false };
  const taken = await store.acquireLease(acme, ask);
  if (taken.kind !== 'taken') throw new Error('the lease is held');
  const absent = createAbsentListBuilder();
  for (const user of given.absent ?? []) absent.add(user);
  const sweep: Sweep = {
    ports: {
      store,
      republish: async () => undefined,
      readEpoch: async (known) => known,
      nowMs,
      newSweepId: () => sweepId('sweep-1'),
      hashText: (text) => text,
    },
    list: listOf(scriptedVendor([]), acme, nowMs, list),
    held: { lease: taken.lease, state: aState(state) },
    basis: {
      sweepId: sweepId('sweep-1'),
      mode: 'full',
      startedAt: at(59),
      purpose: 'live',
      directory: 'scripted directory',
      scope: '{}',
      projectionVersion: projection.version,
      ...basis,
    },
    tick: 1,
    deadlineMs: epochMs(at(70)),
    index: createDigestIndex([new Uint8Array()], 0),
    projection,
    protector: createProtector({ redact: [], hash: [] }, 'a key for tests only'),
    context: aContext(),
    meanings: createMeanings(store, acme),
    prior: { list: createAbsentList(given.absent && absent.build()) },
    holds: [],
    ...given,
  };
  return sweep;
}

/** What is staged, in this order. */
export function stagingOf(transitions: readonly StagedTransition[]): Staging {
  const place = { blobs: createMemoryStore(), connectionId: acme, prefix: 'staged', protect: <T>(one: T) => one };
  const staging = createStaging(place);
  for (const transition of transitions) staging.add(transition, 1);
  return staging;
}

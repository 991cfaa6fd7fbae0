import { expect } from 'vitest';
import type { ConnectionId } from '../../src/model/ids.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import type { Lease, SweepStore } from '../../src/sweep/ports.ts';
import { aState } from '../unit/store/sample-log.ts';

/** The store that is put to the test, and every lease that it ever gave. */
export type StoreUnderTest = { readonly store: SweepStore; readonly id: ConnectionId; readonly leases: Lease[] };

/** What a person with pencil and paper would know of a connection. */
export type StoreModel = {
  nowMs: number;
  /** Of the latest lease. */
  token: number;
  /** Who has it; nobody after it was given back. */
  holder: string | undefined;
  expiresAtMs: number;
  /** A number by which the state is known, and how often a lease was taken since. */
  mark: number;
  attempts: number;
  published: number;
  /** Under which lease each position was written. */
  readonly log: Map<number, number>;
  /** Revisions by user. */
  readonly entries: Map<string, number>;
  readonly shards: Map<number, { position: number; readonly pairs: Map<string, string> }>;
  readonly blobs: Set<string>;
};

export function newStoreModel(): StoreModel {
  return {
    ...{ nowMs: 0, token: 0, holder: undefined, expiresAtMs: 0, mark: 0, attempts: 0, published: 0 },
    log: new Map(),
    entries: new Map(),
    shards: new Map(),
    blobs: new Set(),
  };
}

/** A state that is known by a number. */
export function markedState(mark: number, attempts: number): ConnectionState {
  return aState({ position: mark, attempts });
}

export async function expectState({ store, id }: StoreUnderTest, { mark, attempts }: StoreModel): Promise<void> {
  expect(await store.readState(id)).toMatchObject({ position: mark, attempts });
}

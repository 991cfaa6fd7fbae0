import type { ConnectionId } from '../../src/model/ids.ts';
import { newConnectionState } from '../../src/store/state-store.ts';
import { createOverlayStore } from '../../src/sweep/overlay-store.ts';
import type { SweepStore } from '../../src/sweep/ports.ts';

/** The key of every test's digests. */
export const testDigestKey = '00112233445566778899aabbccddeeff';

const refuse = async (): Promise<never> => {
  throw new Error('a store that only reads was written to');
};
async function* none(): AsyncIterable<never> {}

/** What there is before anything has happened: every connection, and none of them swept. */
const nothing: SweepStore = {
  readState: async () => newConnectionState(0, testDigestKey),
  acquireLease: refuse,
  saveState: refuse,
  releaseLease: refuse,
  abandonLease: refuse,
  appendBatch: refuse,
  readLog: none,
  readEntries: async () => new Map(),
  readEntriesByKeyHash: async () => [],
  readAllEntries: none,
  writeEntries: refuse,
  loadShards: async (_, { bits }) => Array.from({ length: 2 ** bits }, () => new Uint8Array()),
  applyPairs: refuse,
  writeLayout: refuse,
  deleteLayout: refuse,
  writeBlob: refuse,
  readBlob: async () => undefined,
  deleteBlobs: refuse,
  deleteBlobsBefore: refuse,
  writeProjection: refuse,
  readProjection: async () => undefined,
  writeReport: refuse,
  readReport: async () => undefined,
  listReports: none,
  writeHold: refuse,
  readHold: async () => undefined,
  listHolds: none,
  writeRequest: refuse,
  readRequests: async () => [],
  deleteRequest: refuse,
  rewriteBatch: refuse,
  rewriteEntry: refuse,
  readPublished: async () => 0,
  advancePublished: refuse,
  deleteConnection: refuse,
};

/**
 * A store in memory that keeps the contract of the one in a table (`test/unit/sweep/overlay-contract.test.ts` asks the
 * same of both): for stories about what a sweep concludes, of which there are many.
 */
export function createMemoryStore(isKnown: (id: ConnectionId) => boolean = () => true): MemoryStore {
  const readState: SweepStore['readState'] = async (id) => (isKnown(id) ? nothing.readState(id) : undefined);
  const overlay = createOverlayStore({ ...nothing, readState });
  const blobs = new Map<string, { readonly expires: boolean }>();
  const forget = (isGone: (name: string) => boolean) => {
    for (const name of blobs.keys()) if (isGone(name)) blobs.delete(name);
  };
  return {
    ...overlay,
    blobs,
    async writeBlob(id, name, bytes, expires) {
      blobs.set(name, { expires: expires !== undefined });
      await overlay.writeBlob(id, name, bytes, expires);
    },
    async deleteBlobs(id, names) {
      forget((name) => names.includes(name));
      await overlay.deleteBlobs(id, names);
    },
    async deleteBlobsBefore(id, end, kept) {
      forget((name) => name < end && !kept.includes(name));
      await overlay.deleteBlobsBefore(id, end, kept);
    },
  };
}

/** `blobs`: what has been written and not deleted, of the one connection that such a store is used for. */
export type MemoryStore = SweepStore & { readonly blobs: ReadonlyMap<string, { readonly expires: boolean }> };

import type { HoldRecord } from '../model/hold.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { OperatorRequest } from '../model/operator-request.ts';
import { createOverlayValues } from './overlay-values.ts';
import type { BlobStore, HoldStore, PublishedStore, RequestStore, SweepRecordStore } from './ports.ts';
import type { SweepReport } from './sweep-report.ts';

type BaseRecords = Pick<BlobStore, 'readBlob'> &
  Pick<SweepRecordStore, 'readProjection' | 'readReport' | 'listReports'> &
  Pick<HoldStore, 'readHold' | 'listHolds'> &
  Pick<RequestStore, 'readRequests'> &
  Pick<PublishedStore, 'readPublished'>;

type OverlayRecords = BlobStore & SweepRecordStore & HoldStore & RequestStore & PublishedStore;

/** What a connection must not forget, in memory before what the base remembers. Nothing in memory expires. */
export function overlayRecords(base: BaseRecords): OverlayRecords {
  return {
    ...overlayBlobs(base),
    ...overlaySweepRecords(base),
    ...overlayHolds(base),
    ...overlayRequests(base),
    ...overlayPublished(base),
  };
}

function overlayBlobs(base: BaseRecords): BlobStore {
  const blobs = createOverlayValues<string, Uint8Array>();
  /** Which of the base's blobs were deleted. */
  const deleted = new Map<ConnectionId, readonly ((name: string) => boolean)[]>();
  const names = new Map<ConnectionId, Set<string>>();
  return {
    async writeBlob(connectionId, name, bytes) {
      blobs.set(connectionId, name, bytes.slice());
      names.set(connectionId, (names.get(connectionId) ?? new Set()).add(name));
    },
    readBlob: (connectionId, name) =>
      blobs.read(connectionId, name, async () =>
        deleted.get(connectionId)?.some((isDeleted) => isDeleted(name)) ? undefined : base.readBlob(connectionId, name),
      ),
    async deleteBlobs(connectionId, named) {
      for (const name of named) blobs.remove(connectionId, name);
    },
    async deleteBlobsBefore(connectionId, end, kept) {
      const isDeleted = (name: string) => name < end && !kept.includes(name);
      for (const name of names.get(connectionId) ?? []) if (isDeleted(name)) blobs.remove(connectionId, name);
      deleted.set(connectionId, [...(deleted.get(connectionId) ?? []), isDeleted]);
    },
  };
}

function overlaySweepRecords(base: BaseRecords): SweepRecordStore {
  const projections = createOverlayValues<string, ReadonlyMap<string, string>>();
  const reports = createOverlayValues<string, SweepReport>();
  return {
    async writeProjection(connectionId, version, meanings) {
      projections.set(connectionId, version, new Map(meanings));
    },
    readProjection: (connectionId, version) =>
      projections.read(connectionId, version, () => base.readProjection(connectionId, version)),
    async writeReport(report) {
      reports.set(report.connectionId, report.sweepId, report);
    },
    readReport: (connectionId, sweepId) =>
      reports.read(connectionId, sweepId, () => base.readReport(connectionId, sweepId)),
    listReports: (connectionId) =>
      reports.merge(connectionId, base.listReports(connectionId), {
        keyOf: ({ sweepId }) => sweepId,
        order: 'falling',
      }),
  };
}

function overlayHolds(base: BaseRecords): HoldStore {
  const holds = createOverlayValues<string, HoldRecord>();
  return {
    async writeHold(record) {
      holds.set(record.connectionId, record.hold.holdId, record);
    },
    readHold: (connectionId, holdId) => holds.read(connectionId, holdId, () => base.readHold(connectionId, holdId)),
    listHolds: (connectionId) =>
      holds.merge(connectionId, base.listHolds(connectionId), {
        keyOf: ({ hold }) => hold.holdId,
        order: 'falling',
      }),
  };
}

function overlayRequests(base: BaseRecords): RequestStore {
  const requests = createOverlayValues<string, OperatorRequest>();
  return {
    async writeRequest(request) {
      requests.set(request.connectionId, request.requestId, request);
    },
    async readRequests(connectionId) {
      const found: OperatorRequest[] = [];
      const read = await base.readRequests(connectionId);
      const keyOf = ({ requestId }: OperatorRequest) => requestId;
      for await (const request of requests.merge(connectionId, read, { keyOf })) found.push(request);
      return found;
    },
    async deleteRequest({ connectionId, requestId }) {
      requests.remove(connectionId, requestId);
    },
  };
}

function overlayPublished(base: BaseRecords): PublishedStore {
  const positions = new Map<ConnectionId, number>();
  const reached = (connectionId: ConnectionId) => positions.get(connectionId) ?? 0;
  return {
    readPublished: async (connectionId) => Math.max(await base.readPublished(connectionId), reached(connectionId)),
    async advancePublished(connectionId, position) {
      positions.set(connectionId, Math.max(position, reached(connectionId)));
    },
  };
}

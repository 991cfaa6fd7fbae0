import { v5 } from 'uuid';

/** The UUIDv5 namespace of this feed's events. Changing it would rename every event ever published. */
const namespace = '5f0f3c0e-7d0b-5a52-9a43-1c6f6c3f7a55';

/** The id of a notice about a connection's health: the same however often it is published. */
export function noticeIdOf(connectionId: string, type: string, since: string): string {
  return v5(`${connectionId}/${type}/${since}`, namespace);
}

/** The id of a connection's event: the same on every retry and replay. */
export function eventIdOf(connectionId: string, epoch: number, sequence: number): string {
  return v5(`${connectionId}/${epoch}/${sequence}`, namespace);
}

/** Which statement of a resync: what somebody was at a revision, as one run of a resync told it. */
export type ResyncPlace = {
  readonly connectionId: string;
  readonly epoch: number;
  readonly userId: string;
  readonly revision: number;
  readonly runId: string;
};

/** The id of a resync's event: the same when the run is resumed. Numbers and ids of runs hold no slash; users' may. */
export function resyncIdOf({ connectionId, epoch, userId, revision, runId }: ResyncPlace): string {
  return v5(`${connectionId}/${epoch}/resync/${runId}/${revision}/${userId}`, namespace);
}

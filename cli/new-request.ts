import { randomBytes } from 'node:crypto';
import type { ConnectionId } from '../src/model/ids.ts';
import { instant } from '../src/model/instant.ts';
import type { OperatorRequest, RequestedAct } from '../src/model/operator-request.ts';

export type Asker = { readonly by: string; readonly nowMs: number };

/** What an operator asks of a connection, under an id that sorts by time. */
export function newRequest(connectionId: ConnectionId, { by, nowMs }: Asker, act: RequestedAct): OperatorRequest {
  const at = instant(nowMs);
  return { connectionId, requestId: `${at.replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`, at, by, ...act };
}

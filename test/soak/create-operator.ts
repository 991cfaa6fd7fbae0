import type { ConnectionId } from '../../src/model/ids.ts';
import { epochMs, instant } from '../../src/model/instant.ts';
import type { FeedStore } from '../../src/store/create-store.ts';

/** Somebody who looks at holds now and then, and approves what has been held for so long that no fault is the cause any more. */
export type Operator = { lookAround(): Promise<void>; approve(openedBeforeMs: number): Promise<void> };

const lookEveryMs = 30_000;
const patienceMs = 45_000;

export function createOperator(store: FeedStore, ids: readonly ConnectionId[]): Operator {
  let nextLookMs = 0;
  const approve = async (openedBeforeMs: number) => {
    for (const connectionId of ids) {
      const open = (await store.readState(connectionId))?.holds.filter(({ decision }) => decision === undefined) ?? [];
      for (const { holdId } of open.filter(({ openedAt }) => epochMs(openedAt) < openedBeforeMs)) {
        const at = instant(Date.now());
        const request = { connectionId, requestId: `request-${at}-${holdId}`, at, by: 'operator' };
        await store.writeRequest({ ...request, act: 'decide_hold', holdId, verdict: 'approved' });
      }
    }
  };
  return {
    approve,
    async lookAround() {
      if (Date.now() < nextLookMs) return;
      nextLookMs = Date.now() + lookEveryMs;
      await approve(Date.now() - patienceMs);
    },
  };
}

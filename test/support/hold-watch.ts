import { fromHex } from '../../src/diff/digest.ts';
import { createPairTable, type PairTable } from '../../src/diff/pair-table.ts';
import type { Hold } from '../../src/model/hold.ts';
import type { ConnectionId, HoldId } from '../../src/model/ids.ts';
import type { LogBatch } from '../../src/model/log-batch.ts';
import type { FeedStore } from '../../src/store/create-store.ts';

/** Looks, after every tick, for events that an undecided hold ought to have kept back. */
export type HoldWatch = {
  readonly faults: string[];
  /** An operator has decided on it: from now on it may be released. */
  noteDecision(holdId: HoldId): void;
  look(): Promise<void>;
};

export function watchHolds(store: FeedStore, id: ConnectionId): HoldWatch {
  const faults: string[] = [];
  const decided = new Set<HoldId>();
  /** By blob: kept once they were seen, for whoever loses them. */
  const members = new Map<string, PairTable>();
  let open: readonly Hold[] = [];
  let upTo = 0;

  const isMember = (hold: Hold, keyHash: string) => {
    const table = members.get(hold.members ?? '');
    return table !== undefined && table.find(fromHex(keyHash)) !== -1;
  };
  const check = ({ position, transitions }: LogBatch) => {
    const undecided = open.filter(({ holdId, reason }) => !decided.has(holdId) && reason !== 'field_vanished');
    for (const { entry, change } of transitions)
      for (const hold of undecided)
        if (change?.type === hold.kind && isMember(hold, entry.keyHash))
          faults.push(`${change.type} ${entry.userId} at position ${position} in spite of ${hold.holdId}`);
  };
  const learn = async (blob: string | undefined) => {
    if (blob === undefined || members.has(blob)) return;
    const bytes = await store.readBlob(id, blob);
    if (bytes !== undefined) members.set(blob, createPairTable(bytes));
  };
  return {
    faults,
    noteDecision: (holdId) => void decided.add(holdId),
    async look() {
      const state = await store.readState(id);
      let holds = state?.holds ?? [];
      for await (const batch of store.readLog(id, upTo)) {
        check(batch);
        upTo = batch.position;
        if (batch.position > (state?.position ?? 0)) holds = batch.conclusion?.holds ?? holds;
      }
      open = holds;
      for (const hold of open) await learn(hold.members);
    },
  };
}

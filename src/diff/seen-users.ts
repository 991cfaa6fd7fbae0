import type { UserId } from '../model/ids.ts';
import type { UnseenUser } from './absence.ts';
import { toHex } from './digest.ts';
import type { DigestIndex } from './digest-index.ts';

/** Whom one walk of a list has shown so far. */
export type SeenUsers = {
  readonly distinct: number;
  readonly duplicates: number;
  /** Notes a user. `pair` says whether his key hash is known: as his, as shared, or not at all. */
  note(userId: UserId, keyHash: Uint8Array): { readonly slot: number; readonly pair: 'none' | 'present' | 'shared' };
  /** Slots of the index whose users the list did not show, except shared ones. */
  unseen(): readonly UnseenUser[];
  /** Slots that two users share; who of them was seen tells `saw`. */
  sharedKeyHashes(): readonly string[];
  saw(userId: UserId): boolean;
};

export function createSeenUsers(index: DigestIndex): SeenUsers {
  const seenSlots = new Uint8Array(index.pairCount);
  // Users the index does not tell apart by slot: new ones by key hash, and those who share a key hash.
  const newcomers = new Map<string, UserId>();
  const apart = new Set<UserId>();
  let distinct = 0;
  let duplicates = 0;
  const count = (isNew: boolean) => {
    if (isNew) distinct += 1;
    else duplicates += 1;
  };
  const noteApart = (userId: UserId) => {
    count(!apart.has(userId));
    apart.add(userId);
  };
  const noteNewcomer = (userId: UserId, keyHash: string): 'none' | 'present' => {
    const first = newcomers.get(keyHash);
    if (first !== undefined && first !== userId) {
      noteApart(userId);
      return 'present';
    }
    count(first === undefined);
    newcomers.set(keyHash, userId);
    return 'none';
  };
  return {
    get distinct() {
      return distinct;
    },
    get duplicates() {
      return duplicates;
    },
    note(userId, keyHash) {
      const slot = index.find(keyHash);
      if (slot === -1) return { slot, pair: noteNewcomer(userId, toHex(keyHash)) };
      if (index.isShared(slot)) {
        noteApart(userId);
        seenSlots[slot] = 1;
        return { slot, pair: 'shared' };
      }
      count(seenSlots[slot] === 0);
      seenSlots[slot] = 1;
      return { slot, pair: 'present' };
    },
    unseen() {
      const unseen: UnseenUser[] = [];
      for (const [slot, isSeen] of seenSlots.entries())
        if (isSeen === 0 && !index.isShared(slot)) unseen.push({ keyHash: index.keyHashAt(slot) });
      return unseen;
    },
    sharedKeyHashes() {
      const shared: string[] = [];
      for (let slot = 0; slot < index.pairCount; slot += 1)
        if (index.isShared(slot)) shared.push(index.keyHashAt(slot));
      return shared;
    },
    saw: (userId) => apart.has(userId),
  };
}

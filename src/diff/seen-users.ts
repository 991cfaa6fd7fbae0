import type { UserId } from '../model/ids.ts';
import type { UnseenUser } from './absent-list.ts';
import { type Digester, fromHex } from './digest.ts';
import type { DigestIndex } from './digest-index.ts';
import { noneNoted, packNoted, readNoted } from './noted-users.ts';

/** What noting a user told. */
export type SeenNote = {
  /** Whether his key hash is known: as his, as shared, or not at all. */
  readonly pair: 'none' | 'present' | 'shared';
  /** Whether this walk showed him before, as a user or as an excluded one. */
  readonly isRepeat: boolean;
};

/** Whom one walk of a list has shown so far. Packed, so that a walk of a million users fits; outlives an invocation. */
export type SeenUsers = {
  /** Users noted, each once. */
  readonly distinct: number;
  /** Users noted who had been noted before. */
  readonly duplicates: number;
  /** Users noted as excluded, each once. */
  readonly excluded: number;
  /** How many of the distinct users have a pair in the index. */
  readonly knownSeen: number;
  /** How many `unseen` yields. */
  readonly unseenCount: number;
  note(userId: UserId, keyHash: Uint8Array): SeenNote;
  /** Notes the one user of a slot. Answers whether this walk showed him before. */
  noteKnown(slot: number): boolean;
  /** Notes a user on the list whom the connection is not about: he counts as excluded, not as seen. */
  noteExcluded(userId: UserId, keyHash: Uint8Array): void;
  /** Whether somebody unseen was noted as excluded. */
  wasExcluded(user: UnseenUser): boolean;
  /** Known users whom the list did not show, except those who share a key hash, in the order of their slots. */
  unseen(): Iterable<UnseenUser>;
  /** Key hashes that two users share; who of them was seen tells `saw`. */
  sharedKeyHashes(): Iterable<string>;
  /** Whether a user under a shared key hash was seen. */
  saw(userId: UserId): boolean;
  /** Everything noted so far, to go on with over the same index. */
  save(): Uint8Array;
};

/**
 * The users seen over an index: none yet, or those that `save` gave.
 * @throws TypeError where `saved` is not of an index of this size
 */
export function createSeenUsers(index: DigestIndex, digester: Digester, saved?: Uint8Array): SeenUsers {
  const noted = saved === undefined ? noneNoted(index.pairCount) : readNoted(saved, index.pairCount);
  const { seenSlots, excludedSlots, takenKeyHashes, newcomers, apart, excludedMarks } = noted;
  // Namesakes are newcomers under the key hash of an earlier one.
  let { duplicates, namesakes } = noted;
  let shared: readonly number[] | undefined;
  const sharedSlots = () => {
    shared ??= findShared(index);
    return shared;
  };

  const noteNewcomer = (mark: Uint8Array, keyHash: Uint8Array): SeenNote => {
    if (newcomers.has(mark)) {
      duplicates += 1;
      return { pair: 'none', isRepeat: true };
    }
    const wasExcluded = excludedMarks.has(mark);
    if (takenKeyHashes.add(keyHash)) {
      newcomers.add(mark);
      return { pair: 'none', isRepeat: wasExcluded };
    }
    const isNew = apart.add(mark);
    if (isNew) namesakes += 1;
    else duplicates += 1;
    return { pair: 'present', isRepeat: !isNew || wasExcluded };
  };
  const noteSharer = (mark: Uint8Array): SeenNote => {
    const isNew = apart.add(mark);
    if (!isNew) duplicates += 1;
    return { pair: 'shared', isRepeat: !isNew || excludedMarks.has(mark) };
  };
  const noteKnown = (slot: number): boolean => {
    const isNew = seenSlots.add(slot);
    if (!isNew) duplicates += 1;
    return !isNew || excludedSlots.has(slot);
  };
  const distinct = () => seenSlots.count + newcomers.size + apart.size;

  return {
    get distinct() {
      return distinct();
    },
    get duplicates() {
      return duplicates;
    },
    get excluded() {
      return excludedSlots.count + excludedMarks.size;
    },
    get knownSeen() {
      return distinct() - newcomers.size - namesakes;
    },
    get unseenCount() {
      return index.pairCount - sharedSlots().length - seenSlots.count;
    },
    note(userId, keyHash) {
      const slot = index.find(keyHash);
      if (slot === -1) return noteNewcomer(digester.userMark(userId), keyHash);
      if (index.isShared(slot)) return noteSharer(digester.userMark(userId));
      return { pair: 'present', isRepeat: noteKnown(slot) };
    },
    noteKnown,
    noteExcluded(userId, keyHash) {
      const slot = index.find(keyHash);
      if (isAlone(index, slot)) excludedSlots.add(slot);
      else excludedMarks.add(digester.userMark(userId));
    },
    wasExcluded({ keyHash, userId }) {
      const slot = index.find(fromHex(keyHash));
      if (isAlone(index, slot)) return excludedSlots.has(slot);
      return userId !== undefined && excludedMarks.has(digester.userMark(userId));
    },
    *unseen() {
      for (const slot of seenSlots.missing()) if (!index.isShared(slot)) yield { keyHash: index.keyHashAt(slot) };
    },
    *sharedKeyHashes() {
      for (const slot of sharedSlots()) yield index.keyHashAt(slot);
    },
    saw: (userId) => apart.has(digester.userMark(userId)),
    save: () => packNoted({ ...noted, duplicates, namesakes }, index.pairCount),
  };
}

/** Whether a slot is that of a single user. */
function isAlone(index: DigestIndex, slot: number): boolean {
  return slot !== -1 && !index.isShared(slot);
}

function findShared(index: DigestIndex): readonly number[] {
  const shared: number[] = [];
  for (let slot = 0; slot < index.pairCount; slot += 1) if (index.isShared(slot)) shared.push(slot);
  return shared;
}

import type { UserId } from '../model/ids.ts';
import { epochMs, type Instant, instant } from '../model/instant.ts';
import { packSections, sectionOf, unpackSections } from './byte-sections.ts';
import { digestBytes, fromHex } from './digest.ts';
import { readUint32 } from './index-shard.ts';
import { createPairTable, createPairTableBuilder } from './pair-table.ts';

/** A known user whom a list did not show. */
export type UnseenUser = {
  /** 16 hexadecimal digits: his pair in the index. */
  readonly keyHash: string;
  /** Only where two users share the key hash. */
  readonly userId?: UserId;
};

/** Since when somebody is missing. */
export type Absence = {
  /** In how many complete sweeps in a row; 0 for somebody who was seen since, in a sweep that was not complete. */
  readonly missedSweeps: number;
  /** Start of the last sweep that listed him, where one is known; after 1970. */
  readonly lastSeenAt?: Instant;
  /** Whether one of those sweeps listed him, as somebody whom the connection is not about. */
  readonly wasExcluded?: true;
};

/** A known user whom the last complete sweeps did not list. */
export type AbsentUser = UnseenUser & Absence;

/** Everyone who is absent, packed: 16 bytes each. */
export type AbsentList = {
  readonly count: number;
  find(user: UnseenUser): Absence | undefined;
  /** By key hash; after them those who share theirs. */
  users(): Iterable<AbsentUser>;
};

/** An absent list in the making. The last absence added for a user counts. */
export type AbsentListBuilder = {
  readonly count: number;
  add(user: AbsentUser): void;
  build(): Uint8Array;
};

const layoutVersion = 1;
const what = 'the absent list';
const maxMissedSweeps = 0x7fff;

/** The list that a builder packed, or an empty one. @throws TypeError where the bytes are not such a list */
export function createAbsentList(bytes?: Uint8Array): AbsentList {
  if (bytes === undefined) return { count: 0, find: () => undefined, users: () => [] };
  const [pairs, trailer] = unpackSections(bytes, { version: layoutVersion, count: 2, what });
  const table = createPairTable(pairs ?? new Uint8Array());
  const sharers = new Map(readSharers(trailer ?? new Uint8Array()).map((user) => [sharerKey(user), user]));
  return {
    count: table.count + sharers.size,
    find(user) {
      if (user.userId !== undefined) return absenceIn(sharers.get(sharerKey(user)));
      const slot = table.find(fromHex(user.keyHash));
      return slot === -1 ? undefined : readAbsence(table.valueAt(slot));
    },
    *users() {
      for (let slot = 0; slot < table.count; slot += 1)
        yield { keyHash: table.keyHashAt(slot), ...readAbsence(table.valueAt(slot)) };
      yield* sharers.values();
    },
  };
}

export function createAbsentListBuilder(): AbsentListBuilder {
  const pairs = createPairTableBuilder();
  const sharers = new Map<string, AbsentUser>();
  return {
    get count() {
      return pairs.count + sharers.size;
    },
    add(user) {
      const missedSweeps = Math.min(user.missedSweeps, maxMissedSweeps);
      if (user.userId === undefined) pairs.add(fromHex(user.keyHash), absenceBytes({ ...user, missedSweeps }));
      else sharers.set(sharerKey(user), { ...user, missedSweeps });
    },
    build() {
      const trailer = Buffer.from(JSON.stringify([...sharers.values()]));
      return packSections(layoutVersion, [sectionOf(pairs.build()), sectionOf(trailer)]);
    },
  };
}

/** Beside the missed sweeps, of whoever was excluded. */
const excludedBit = 0x8000;

/** Missed sweeps in 2 bytes, then the epoch milliseconds of the last sight in 6; 0 where it is not known. */
function absenceBytes({ missedSweeps, lastSeenAt, wasExcluded }: Absence): Uint8Array {
  const bytes = new Uint8Array(digestBytes);
  const view = new DataView(bytes.buffer);
  const ms = lastSeenAt === undefined ? 0 : epochMs(lastSeenAt);
  view.setUint16(0, missedSweeps | (wasExcluded ? excludedBit : 0));
  view.setUint16(2, ms / 2 ** 32);
  view.setUint32(4, ms);
  return bytes;
}

function readAbsence(value: Uint8Array): Absence {
  const upper = readUint32(value, 0);
  const ms = (upper & 0xffff) * 2 ** 32 + readUint32(value, 4);
  const missed = upper >>> 16;
  const wasExcluded = missed > maxMissedSweeps;
  return {
    missedSweeps: missed & maxMissedSweeps,
    ...(ms > 0 && { lastSeenAt: instant(ms) }),
    ...(wasExcluded && { wasExcluded }),
  };
}

function absenceIn(user: AbsentUser | undefined): Absence | undefined {
  if (user === undefined) return undefined;
  const { keyHash: _, userId: __, ...absence } = user;
  return absence;
}

function sharerKey({ keyHash, userId }: UnseenUser): string {
  return `${keyHash}#${userId}`;
}

function readSharers(trailer: Uint8Array): readonly AbsentUser[] {
  let sharers: unknown;
  try {
    sharers = JSON.parse(Buffer.from(trailer).toString());
  } catch (cause) {
    throw new TypeError(`${what} has a trailer that is no JSON`, { cause });
  }
  if (Array.isArray(sharers) && sharers.every(isSharer)) return sharers;
  throw new TypeError(`${what} has a trailer that names no users`);
}

function isSharer(value: unknown): value is AbsentUser {
  if (typeof value !== 'object' || value === null) return false;
  const { keyHash, userId, missedSweeps, lastSeenAt, wasExcluded = true } = value as Record<string, unknown>;
  const hasNames = typeof keyHash === 'string' && typeof userId === 'string';
  const hasSight = lastSeenAt === undefined || typeof lastSeenAt === 'string';
  return hasNames && Number.isInteger(missedSweeps) && hasSight && wasExcluded === true;
}

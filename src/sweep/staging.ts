import type { Protector } from '../diff/protect-user.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import type { ConnectionId, UserId } from '../model/ids.ts';
import { checkpointGone } from './checkpoint.ts';
import type { BlobStore } from './ports.ts';

/** Transitions that are kept in memory before a part of them is written away. */
export const maxStagedInMemory = 2_000;
/** Bytes of JSON that are kept in memory, likewise. */
const maxStagedBytes = 4_000_000;

/** Where staged transitions are kept: blobs `<prefix>-0`, `<prefix>-1`…, each with so many rows. */
export type StagedPart = { readonly prefix: string; readonly rows: readonly number[] };
export type StagedReference = {
  readonly parts: readonly StagedPart[];
  /** Blobs with whom a later row of the list replaced: their rows before the given numbers count no more. */
  readonly replaced?: readonly string[];
};

const nothingStaged: StagedReference = { parts: [] };

/** Whom a later row replaced, and from which number on his rows count. */
type Replaced = readonly (readonly [UserId, number])[];

/** A staged transition and its number among all that were staged. */
export type StagedRow = { readonly number: number; readonly transition: StagedTransition };

/**
 * What a sweep has found and not yet committed, in the order found. Bounded in memory: the rest is written away, and
 * whatever is not is saved when the tick ends.
 */
export type Staging = {
  /** At most one transition a user counts: the last. */
  add(transition: StagedTransition, bytes: number): void;
  /** Voids what was staged for a user. */
  drop(userId: UserId): void;
  /** Writes away what is too much to be kept in memory. */
  relieve(): Promise<void>;
  /** In order from a number on, in parts; what was dropped is left out. */
  read(from?: number): AsyncIterable<readonly StagedRow[]>;
  /** How many numbers have been given out. */
  readonly count: number;
  /** What has been written away so far. */
  readonly written: StagedReference;
  /** Writes everything away that is not yet. */
  save(): Promise<StagedReference>;
};

export type StagingPorts = {
  readonly blobs: BlobStore;
  readonly connectionId: ConnectionId;
  /** Of new blobs: unique to this lease. */
  readonly prefix: string;
  /** Takes out what must not be read any more. */
  readonly protect: Protector['protectTransition'];
};

/** What was saved, to go on with or to be read. */
export async function openStaging(ports: StagingPorts, reference: StagedReference): Promise<Staging> {
  const replaced: (readonly [UserId, number])[] = [];
  for (const name of reference.replaced ?? []) replaced.push(...(await readJson<Replaced>(ports, name)));
  return createStaging(ports, reference, replaced);
}

export function createStaging(
  ports: StagingPorts,
  { parts, replaced: before = [] }: StagedReference = nothingStaged,
  replaced: Replaced = [],
): Staging {
  let replacedBlobs = before;
  const unsaved = new Set<UserId>();
  const voided = new Map<UserId, number>(replaced);
  const written: number[] = [];
  const saved = parts.reduce((sum, { rows }) => sum + total(rows), 0);
  let spilled = saved;
  let bytes = 0;
  const memory = new Map<UserId, StagedTransition>();
  const reference = (): StagedReference => ({
    parts: written.length === 0 ? parts : [...parts, { prefix: ports.prefix, rows: [...written] }],
    ...(replacedBlobs.length > 0 && { replaced: replacedBlobs }),
  });
  const saveReplaced = async () => {
    if (unsaved.size === 0) return;
    const name = `${ports.prefix}-replaced`;
    const rows: Replaced = [...unsaved].map((userId) => [userId, voided.get(userId) ?? 0]);
    await ports.blobs.writeBlob(ports.connectionId, name, Buffer.from(JSON.stringify(rows)), 'expires');
    replacedBlobs = [...replacedBlobs, name];
    unsaved.clear();
  };
  const spill = async () => {
    if (memory.size === 0) return;
    const rows = [...memory.values()];
    const name = partName(ports.prefix, written.length);
    await ports.blobs.writeBlob(ports.connectionId, name, Buffer.from(JSON.stringify(rows)), 'expires');
    written.push(rows.length);
    spilled += rows.length;
    memory.clear();
    bytes = 0;
  };
  return {
    get count() {
      return spilled + memory.size;
    },
    get written() {
      return reference();
    },
    add(transition, size) {
      const { userId } = transition.entry;
      memory.delete(userId);
      memory.set(userId, transition);
      bytes += size;
    },
    drop(userId) {
      memory.delete(userId);
      if (spilled === 0) return;
      voided.set(userId, spilled);
      unsaved.add(userId);
    },
    async relieve() {
      if (memory.size >= maxStagedInMemory || bytes >= maxStagedBytes) await spill();
    },
    async *read(from = 0) {
      for await (const rows of readParts(ports, reference().parts, from))
        yield rows.filter(({ number, transition }) => number >= (voided.get(transition.entry.userId) ?? 0));
      const rows = [...memory.values()].map((transition, at) => ({ number: spilled + at, transition }));
      yield rows.filter(({ number }) => number >= from);
    },
    async save() {
      await spill();
      await saveReplaced();
      return reference();
    },
  };
}

/** Names of all blobs of a reference. */
export function stagedBlobs({ parts, replaced }: StagedReference): readonly string[] {
  const names = parts.flatMap(({ prefix, rows }) => rows.map((_, at) => partName(prefix, at)));
  return [...names, ...(replaced ?? [])];
}

async function* readParts(
  ports: StagingPorts,
  parts: readonly StagedPart[],
  from: number,
): AsyncIterable<readonly StagedRow[]> {
  let number = 0;
  for (const { prefix, rows } of parts) {
    for (const [at, count] of rows.entries()) {
      const first = number;
      number += count;
      if (number <= from) continue;
      const transitions = await readJson<readonly StagedTransition[]>(ports, partName(prefix, at));
      yield transitions
        .map((transition, offset) => ({ number: first + offset, transition: ports.protect(transition) }))
        .filter((row) => row.number >= from);
    }
  }
}

async function readJson<T>({ blobs, connectionId }: StagingPorts, name: string): Promise<T> {
  const bytes = await blobs.readBlob(connectionId, name);
  if (bytes === undefined) throw checkpointGone(connectionId, name);
  return JSON.parse(Buffer.from(bytes).toString()) as T;
}

function partName(prefix: string, at: number): string {
  return `${prefix}-${at}`;
}

function total(rows: readonly number[]): number {
  return rows.reduce((sum, count) => sum + count, 0);
}

import { gunzipSync } from 'node:zlib';
import { fromHex } from '../../../src/diff/digest.ts';
import { goneDigest } from '../../../src/diff/judge-change.ts';
import { createPairTable, type PairTable } from '../../../src/diff/pair-table.ts';
import type { Hold } from '../../../src/model/hold.ts';
import type { LogBatch, Transition } from '../../../src/model/log-batch.ts';
import { stateOf } from '../table-facts.ts';
import type { World } from '../world.ts';
import { watchLog } from './log-watch.ts';

/** Holds never leak: nothing that a hold keeps back is published before somebody approves of it, and nothing rejected ever. */
export function watchHolds(world: World, complain: (fault: string) => void): void {
  const { table, tally } = world;
  watchLog(world, ({ connectionId, batch, isFirst }) => {
    const standing = stateOf(table, connectionId)?.holds ?? [];
    const opened = openedBy(batch, standing);
    if (isFirst) for (const hold of opened) tally.count(momentOf(hold));
    const closed = [...standing, ...opened].filter(({ decision }) => decision?.verdict !== 'approved');
    const leaks = closed.flatMap((hold) => leaksOf(hold, membersOf(world, connectionId, hold), batch.transitions));
    for (const leak of leaks) complain(`${connectionId} ${leak}`);
  });
}

function openedBy({ conclusion }: LogBatch, standing: readonly Hold[]): readonly Hold[] {
  return (conclusion?.holds ?? []).filter(({ holdId }) => !standing.some((one) => one.holdId === holdId));
}

function momentOf({ fields }: Hold): string {
  return fields?.includes('status') ? 'status_vanished' : 'hold_opened';
}

/** Whose change is published although a hold keeps it back. */
function leaksOf(hold: Hold, members: PairTable | undefined, transitions: readonly Transition[]): readonly string[] {
  if (members === undefined) return [];
  const leaks = transitions.filter((one) => isLeak(hold, members, one));
  return leaks.map(({ entry }) => `${entry.userId} is ${hold.kind} although ${hold.holdId} keeps that back`);
}

function isLeak({ kind }: Hold, members: PairTable, { change, entry }: Transition): boolean {
  // Whoever becomes known with a list that is new, or cut wider, is no change of anybody.
  if (change?.type !== kind || change.origin === 'baseline') return false;
  const slot = members.find(fromHex(entry.keyHash));
  if (slot === -1) return false;
  return Buffer.from(members.valueAt(slot)).toString('hex') === (kind === 'deleted' ? goneDigest : entry.digest);
}

/** The members of a hold as the table has them; holds of a simulation fit into one part. */
function membersOf({ table }: World, connectionId: string, { members }: Hold): PairTable | undefined {
  const bytes = members && table.get({ pk: `connection#${connectionId}#blobs`, sk: `${members}#000000` })?.bytes?.B;
  return bytes ? createPairTable(new Uint8Array(gunzipSync(Buffer.from(bytes, 'base64')))) : undefined;
}

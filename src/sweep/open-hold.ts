import type { HeldChanges } from '../diff/judgement-tally.ts';
import { createPairTable } from '../diff/pair-table.ts';
import type { Hold, HoldReason, HoldRecord } from '../model/hold.ts';
import { type HoldId, holdId } from '../model/ids.ts';
import { instant } from '../model/instant.ts';
import type { HoldNotice, StagedConnectionChange } from '../model/log-batch.ts';
import { blobName } from './named-blobs.ts';
import type { Sweep } from './sweep.ts';

/** An undecided hold is closed after a week; what is still found is held anew, and rings again. */
const holdForMs = 7 * 86_400_000;

/** What becomes of the holds, in the making. */
export type HoldsDraft = {
  holds: Hold[];
  changes: StagedConnectionChange[];
  records: HoldRecord[];
  heldBesides: number;
};

export type HoldFacts = Pick<Hold, 'kind'> & Partial<Pick<Hold, 'fields' | 'brake'>> & { readonly reason: HoldReason };

/** Opens a hold over what was found, if there is anybody in it. */
export async function openHold(sweep: Sweep, facts: HoldFacts, held: HeldChanges, draft: HoldsDraft): Promise<void> {
  const bytes = held.members.build();
  if (bytes.length === 0) return;
  const id = newHoldId(sweep, facts, draft);
  const hold = newHold(sweep, facts, { holdId: id, ...(await writeMembers(sweep, id, bytes)) });
  announceHold(sweep, hold, { draft, preview: held.preview });
}

/** Puts a hold in force, and tells of it. */
export function announceHold(
  sweep: Sweep,
  hold: Hold,
  { draft, preview }: { readonly draft: HoldsDraft; readonly preview: HoldRecord['preview'] },
): void {
  draft.holds.push(hold);
  draft.changes.push({ type: 'changes_held', hold: notice(hold, hold.memberCount) });
  draft.records.push({ connectionId: sweep.list.connectionId, hold, preview });
}

export function newHold(
  sweep: Sweep,
  { kind, reason, fields, brake }: HoldFacts,
  members: Pick<Hold, 'holdId' | 'members' | 'memberCount'>,
): Hold {
  const openedAtMs = sweep.ports.nowMs();
  return {
    kind,
    reason,
    ...(fields && { fields }),
    ...(brake && { brake }),
    sweepId: sweep.basis.sweepId,
    openedAt: instant(openedAtMs),
    expiresAt: instant(openedAtMs + holdForMs),
    ...members,
  };
}

/** Names the sweep and the kind; a renewed hold and a new one may be of the same. */
export function newHoldId({ basis }: Sweep, { kind, reason }: HoldFacts, { holds }: HoldsDraft): HoldId {
  const name = `${basis.sweepId}-${kind.replace('_', '-')}${reason === 'field_vanished' ? '-fields' : ''}`;
  const same = holds.filter((hold) => hold.holdId.startsWith(name)).length;
  return holdId(same === 0 ? name : `${name}-${same + 1}`);
}

/** Keeps the members of a hold. */
export async function writeMembers(
  { ports, list, held }: Sweep,
  id: HoldId,
  bytes: Uint8Array,
): Promise<Pick<Hold, 'members' | 'memberCount'>> {
  const members = blobName(held.lease, `hold/${id}`);
  await ports.store.writeBlob(list.connectionId, members, bytes);
  return { members, memberCount: createPairTable(bytes).count };
}

/** What an event says of a hold. */
export function notice({ holdId: id, kind, reason, fields, brake }: Hold, count: number): HoldNotice {
  return { holdId: id, kind, reason, ...(fields && { fields }), ...(brake && { brake }), count };
}

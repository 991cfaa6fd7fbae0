import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../diff/absent-list.ts';
import { diffSweep } from '../diff/diff-sweep.ts';
import { fromHex } from '../diff/digest.ts';
import { goneDigest, type KnownHold } from '../diff/judge-change.ts';
import { type HeldChanges, nobodyHeld, previewLength } from '../diff/judgement-tally.ts';
import type { HoldId } from '../model/ids.ts';
import { deletionHold } from './deletion-hold.ts';
import { readEntries } from './find-unseen.ts';
import type { Verdict } from './judge-staged.ts';
import type { Sweep } from './sweep.ts';
import { type Stock, withProbes } from './take-stock.ts';

export type HeldAbsent = {
  /** Absent users that a hold keeps back and of whom nothing is staged. */
  readonly heldCount: number;
  /** Absent users of decided holds who have not been missing for long enough yet. */
  readonly pending: ReadonlyMap<HoldId, HeldChanges>;
};

/** Adds absent users to the holds that keep their departures back: one they belong to, or one on a collapsed list. */
export async function holdAbsent(sweep: Sweep, stock: Stock | undefined, { tally }: Verdict): Promise<HeldAbsent> {
  const pending = new Map<HoldId, HeldChanges>();
  if (stock === undefined || sweep.basis.purpose !== 'live') return { heldCount: 0, pending };
  const found = tally.found as Map<HoldId, HeldChanges>;
  const heldBy = (known: KnownHold | undefined): HeldChanges => {
    if (known === undefined) return tally.fresh.deleted.held;
    return heldIn(known.hold.decision === undefined ? found : pending, known.hold.holdId);
  };
  const examples = createAbsentListBuilder();
  let heldCount = 0;
  for (const user of withProbes(stock.absent, stock.probed)) {
    const known = deletionHold(sweep, user.keyHash);
    if (!isKept(stock, user, known)) continue;
    heldBy(known).members.add(fromHex(user.keyHash), gone);
    if (known?.hold.decision !== undefined) continue;
    heldCount += 1;
    if (examples.count < previewLength) examples.add(user);
  }
  await addExamples(sweep, createAbsentList(examples.build()), (keyHash) => heldBy(deletionHold(sweep, keyHash)));
  return { heldCount, pending };
}

const gone = fromHex(goneDigest);

/** Whether somebody's departure is kept back without being staged. */
function isKept({ collapse, leaving }: Stock, user: AbsentUser, known: KnownHold | undefined): boolean {
  return leaving.find(user) === undefined && (collapse !== undefined || known !== undefined);
}

function heldIn(holds: Map<HoldId, HeldChanges>, holdId: HoldId): HeldChanges {
  const held = holds.get(holdId) ?? nobodyHeld();
  holds.set(holdId, held);
  return held;
}

/** The events that some of the departures would be. */
async function addExamples(
  sweep: Sweep,
  absent: ReturnType<typeof createAbsentList>,
  heldBy: (keyHash: string) => HeldChanges,
): Promise<void> {
  for await (const entry of readEntries(sweep, absent)) {
    const { keyHash, userId } = entry;
    // Whoever shares a key hash is listed under his id.
    const absence = absent.find({ keyHash, userId }) ?? absent.find({ keyHash }) ?? { missedSweeps: 1 };
    const departed = {
      entry: sweep.protector.protectEntry(entry),
      absence: { keyHash, ...absence },
      pair: 'present' as const,
      observedAt: sweep.basis.startedAt,
      code: 'absent_from_complete_sweeps' as const,
    };
    heldBy(keyHash).preview.push(...diffSweep({ observed: [], departed: [departed] }, sweep.context));
  }
}

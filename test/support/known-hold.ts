import { fromHex } from '../../src/diff/digest.ts';
import type { KnownHold, SweepRules } from '../../src/diff/judge-change.ts';
import { createPairTable, createPairTableBuilder } from '../../src/diff/pair-table.ts';
import type { Hold, HoldDecision } from '../../src/model/hold.ts';
import { type HoldId, holdId, sweepId } from '../../src/model/ids.ts';
import { at, keyHashOf } from './builders.ts';

type Given = Partial<Omit<Hold, 'decision' | 'members' | 'holdId'>> & {
  readonly holdId?: string;
  readonly verdict?: HoldDecision['verdict'];
  /** By user id: the target digest. */
  readonly of?: { readonly [userId: string]: string };
};

/** An undecided hold of the brake on updates; user 42 is its only member. */
export function aKnownHold({
  holdId: id = 'hold-1',
  verdict,
  of = { 42: '0'.repeat(16) },
  ...given
}: Given = {}): KnownHold {
  const builder = createPairTableBuilder();
  for (const [userId, target] of Object.entries(of)) builder.add(fromHex(keyHashOf(userId)), fromHex(target));
  const members = createPairTable(builder.build());
  const hold: Hold = {
    holdId: holdId(id),
    kind: 'updated',
    reason: 'brake',
    sweepId: sweepId('sweep-0'),
    openedAt: at(0),
    expiresAt: at(7 * 24 * 60),
    memberCount: members.count,
    members: `hold/${id}`,
    ...given,
    ...(verdict && { decision: { verdict, by: 'ada', at: at(1) } }),
  };
  return { hold, members };
}

/** A hold on the title, which user 42 lost. */
export function aLossHold(given: Given = {}): KnownHold {
  return aKnownHold({ holdId: 'loss-1', reason: 'field_vanished', fields: ['title'], ...given });
}

/** A complete full sweep in which the brake holds nothing. */
export function rulesOf(given: Partial<SweepRules> = {}): SweepRules {
  return { holds: [], isDecisive: true, maskedFields: new Set(), heldKinds: new Set(), ...given };
}

export const idOf = ({ hold }: KnownHold): HoldId => hold.holdId;

import type { FieldPath } from '../model/projected-field.ts';
import { lostFields } from './lost-fields.ts';
import type { StagedTransition } from './staged-transition.ts';

/** How many users of a sweep changed in a field, and how many lost it. */
export type FieldTally = {
  readonly changed: ReadonlyMap<FieldPath, number>;
  readonly lost: ReadonlyMap<FieldPath, number>;
  add(transition: StagedTransition): void;
};

export function createFieldTally(): FieldTally {
  const changed = new Map<FieldPath, number>();
  const lost = new Map<FieldPath, number>();
  return {
    changed,
    lost,
    add(transition) {
      for (const path of transition.change?.diff?.changedFields ?? []) changed.set(path, (changed.get(path) ?? 0) + 1);
      for (const path of lostFields(transition)) lost.set(path, (lost.get(path) ?? 0) + 1);
    },
  };
}

/** A field vanishes when so many of the users that were known before lose it at once. */
const vanishedShare = 0.8;
/** Among fewer users, all of them losing a field is nothing special. */
const vanishedFloor = 5;

/** Whether a field that nearly every user had and almost none has now is a lost permission. */
export function isVanished(lost: number, knownUsers: number): boolean {
  return lost >= vanishedFloor && lost >= knownUsers * vanishedShare;
}

/** A field is restless in a sweep when it changes for more than this share of the users known before. */
const restlessShare = 0.5;

/** The fields that changed for most users in one sweep. */
export function restlessFields({ changed, lost }: FieldTally, knownUsers: number): readonly FieldPath[] {
  if (knownUsers < vanishedFloor) return [];
  return [...changed]
    .filter(([path, count]) => count - (lost.get(path) ?? 0) > knownUsers * restlessShare)
    .map(([path]) => path);
}

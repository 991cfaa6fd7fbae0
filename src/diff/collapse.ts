/** Live users known before, how many of them are lost now, and how many the list showed. */
export type Loss = { readonly liveBefore: number; readonly lost: number; readonly seen: number };

/** A list that lost over half of at least this many live users is a suspect rather than a proof. */
const collapseFloor = 10;

/** Why a loss is held whatever the numbers of the brake: an empty list, or most of it gone at once. */
export function judgeLoss({ liveBefore, lost, seen }: Loss): 'list_empty' | 'list_collapsed' | undefined {
  if (liveBefore > 0 && seen === 0) return 'list_empty';
  return liveBefore >= collapseFloor && lost > liveBefore / 2 ? 'list_collapsed' : undefined;
}

/** What a run came to. */
export type SimulateSummary = {
  passed: number;
  failed: number;
  /** How often what happened. */
  readonly counts: { [what: string]: number };
};

/** Adds more counts to some. */
export function addCounts(counts: SimulateSummary['counts'], more: Iterable<readonly [string, number]>): void {
  for (const [what, times] of more) counts[what] = (counts[what] ?? 0) + times;
}

/** The last lines of a run; `readSummary` reads them. */
export function summaryLines({ passed, failed, counts }: SimulateSummary): readonly string[] {
  const sorted = Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [JSON.stringify(Object.fromEntries(sorted)), `${passed} passed, ${failed} failed`];
}

/** The summary at the end of what a run has printed; undefined where it was cut off. */
export function readSummary(lines: readonly string[]): SimulateSummary | undefined {
  const end = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '');
  if (end === null) return undefined;
  const counts = JSON.parse(lines.at(-2) ?? '{}') as SimulateSummary['counts'];
  return { passed: Number(end[1]), failed: Number(end[2]), counts };
}

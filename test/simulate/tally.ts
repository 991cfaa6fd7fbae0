/** How often what happened. */
export type Tally = {
  readonly counts: ReadonlyMap<string, number>;
  count(what: string): void;
};

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    counts,
    count(what) {
      counts.set(what, (counts.get(what) ?? 0) + 1);
    },
  };
}

/** Events that arrived ahead of others. `sinceMs` is when it was noticed that those before `from` are missing. */
export type SeenRange = { readonly from: number; readonly to: number; readonly sinceMs: number };

/** What has arrived of a connection: everything up to a sequence, and ranges beyond it, in order and apart. */
export type SeenSequences = {
  readonly epoch: number;
  readonly upTo: number;
  readonly beyond: readonly SeenRange[];
};

/** Events that have not come: those from `expected` on, up to and without `got`. */
export type SequenceGap = { readonly epoch: number; readonly expected: number; readonly got: number };

export type GapPatience = {
  /** How long an event may be late. */
  readonly graceMs: number;
  /** How many ranges are kept; with more, the oldest gap is told at once. */
  readonly maxRanges: number;
};

export type Arrival = { readonly epoch: number; readonly sequences: readonly number[]; readonly nowMs: number };

/**
 * What has arrived after some more has, and the gaps that are told now, each once. What is below the first event ever seen
 * is no gap: who subscribes late has missed it knowingly.
 */
export function noteSequences(
  known: SeenSequences | undefined,
  { epoch, sequences, nowMs }: Arrival,
  patience: GapPatience,
): { readonly seen: SeenSequences; readonly gaps: readonly SequenceGap[] } {
  const first = Math.min(...sequences);
  const isNewEpoch = known === undefined || known.epoch < epoch;
  // A new epoch goes on from an older state: what is still missing of the one before will hardly come.
  const left = known !== undefined && isNewEpoch ? tell(known, () => true) : { gaps: [] };
  const start = isNewEpoch ? { epoch, upTo: first - 1, beyond: [] } : known;
  const added = start.epoch > epoch ? start : sequences.reduce((seen, each) => add(seen, each, nowMs), start);
  const isOver = ({ sinceMs }: SeenRange, rangesLeft: number) =>
    sinceMs + patience.graceMs <= nowMs || rangesLeft > patience.maxRanges;
  const { seen, gaps } = tell(added, isOver);
  return { seen, gaps: [...left.gaps, ...gaps] };
}

function add(seen: SeenSequences, sequence: number, nowMs: number): SeenSequences {
  const isKnown = ({ from, to }: SeenRange) => from <= sequence && sequence <= to;
  if (sequence <= seen.upTo || seen.beyond.some(isKnown)) return seen;
  const below = seen.beyond.filter(({ to }) => to < sequence);
  const above = seen.beyond.filter(({ from }) => from > sequence);
  // What lies inside a gap makes two of it, both as old as it was.
  const sinceMs = Math.min(nowMs, ...above.map((range) => range.sinceMs));
  return closeUp({ ...seen, beyond: joined([...below, { from: sequence, to: sequence, sinceMs }, ...above]) });
}

function joined(ranges: readonly SeenRange[]): readonly SeenRange[] {
  const apart: SeenRange[] = [];
  for (const range of ranges) {
    const last = apart.at(-1);
    if (last !== undefined && last.to + 1 === range.from) apart[apart.length - 1] = { ...last, to: range.to };
    else apart.push(range);
  }
  return apart;
}

function closeUp(seen: SeenSequences): SeenSequences {
  const [first, ...rest] = seen.beyond;
  return first?.from === seen.upTo + 1 ? { ...seen, upTo: first.to, beyond: rest } : seen;
}

function tell(
  known: SeenSequences,
  isOver: (range: SeenRange, rangesLeft: number) => boolean,
): { readonly seen: SeenSequences; readonly gaps: readonly SequenceGap[] } {
  const gaps: SequenceGap[] = [];
  let seen = known;
  for (;;) {
    const [first, ...rest] = seen.beyond;
    if (first === undefined || !isOver(first, seen.beyond.length)) return { seen, gaps };
    gaps.push({ epoch: seen.epoch, expected: seen.upTo + 1, got: first.from });
    seen = { ...seen, upTo: first.to, beyond: rest };
  }
}

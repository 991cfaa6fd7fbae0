/** One thing that is measured. To add one, put its file beside this and a line into `benches.ts`. */
export type Bench = {
  /** Its figures' ids begin with it; `--only` names it. */
  readonly id: string;
  measure(ask: BenchRequest): Promise<Measured>;
};

export type BenchRequest = {
  /** Fewer repetitions and smaller amounts, for a look rather than for the record. */
  readonly isQuick: boolean;
  /** What a bench before this one has measured, by its id: in this run or, where it did not run, in one before. */
  readonly measured: (id: string) => KnownResult | undefined;
};

export type KnownResult = { readonly value: number; readonly reference: number | null };

export type Measured = {
  readonly figures: readonly Figure[];
  /** Lines for `--verbose`: where a figure comes from. */
  readonly details: readonly string[];
};

export type Figure = {
  /** Unique within the bench. */
  readonly id: string;
  /** What it is and, where it has a reference, against what. Says `calculated` where it was not measured. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same of what it is compared with, measured in the same run. */
  readonly reference?: number;
  readonly target?: Target;
};

/** What has to be small enough: the value, or its ratio to the reference. */
export type Target = { readonly of: 'ratio' | 'value'; readonly atMost: number };

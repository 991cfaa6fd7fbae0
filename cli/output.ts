import type { Paint } from './paint.ts';

/** Where a command writes: results to stdout, everything else to stderr. */
export type Output = {
  /** A line of the result. */
  result(line: string): void;
  /** A line about the work, for people. */
  note(line: string): void;
  /** Shows a line until the next one, or anything else, is written; undefined takes it away. Only on a terminal. */
  readonly live?: (line: string | undefined) => void;
  /** Styles parts of results; left out where they stay plain. */
  readonly paint?: Paint;
  /** Styles parts of notes; left out where they stay plain. */
  readonly paintNote?: Paint;
};

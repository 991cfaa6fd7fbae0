/** What happened, line by line, each with the seconds since the beginning. */
export type Trace = {
  /** Keeps a line where somebody wants to read it. */
  note(line: () => string): void;
  readonly lines: readonly string[];
};

export function createTrace(isKept: boolean, elapsedMs: () => number): Trace {
  const lines: string[] = [];
  return {
    lines,
    note(line) {
      if (isKept) lines.push(`${(elapsedMs() / 1000).toFixed(3).padStart(11)} ${line()}`);
    },
  };
}

/** Where a command writes: results to stdout, everything else to stderr. */
export type Output = {
  /** A line of the result. */
  result(line: string): void;
  /** A line about the work, for people. */
  note(line: string): void;
};

export const terminalOutput: Output = {
  result: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
};

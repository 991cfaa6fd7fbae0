/** Columns of the terminal; where the output goes elsewhere, as many as a wide one has. */
export function terminalWidth(): number {
  return process.stdout.columns ?? 120;
}

/** The candidate a misspelt word probably meant: at most a third of its length and two edits away, case aside. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  const allowed = word.length < 2 ? 0 : Math.min(2, Math.max(1, Math.floor(word.length / 3)));
  let fewest = allowed + 1;
  for (const candidate of candidates) {
    const edits = countEdits(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [nearest, fewest] = [candidate, edits];
  }
  return nearest;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function countEdits(from: string, to: string): number {
  // More than two apart in length is more than two edits: spares long keys the table.
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const edits = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column += 1) {
      const [here, there] = [from[row - 1], to[column - 1]];
      const isSwap = row > 1 && column > 1 && here === to[column - 2] && there === from[row - 2];
      const replaced = edits(row - 1, column - 1) + (here === there ? 0 : 1);
      const swapped = isSwap ? edits(row - 2, column - 2) + 1 : replaced;
      current.push(Math.min(replaced, swapped, edits(row - 1, column) + 1, edits(row, column - 1) + 1));
    }
  }
  return edits(from.length, to.length);
}

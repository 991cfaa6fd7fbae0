/** Rows with equal keys as lines of aligned columns, wrapped at words so that they fit a terminal of `width`. */
export function renderTable(
  rows: readonly Readonly<Record<string, string>>[],
  width = terminalWidth(),
): readonly string[] {
  const heads = Object.keys(rows[0] ?? {});
  const widths = columnWidths([heads, ...rows.map((row) => heads.map((head) => row[head] ?? ''))], width);
  const lines = [heads, widths.map((columns) => '-'.repeat(columns))];
  return [...lines, ...rows.map((row) => heads.map((head) => row[head] ?? ''))].flatMap((cells) =>
    renderRow(cells, widths),
  );
}

const gap = 2;
const narrowest = 8;

/** Every column as wide as its longest cell; where that is too wide, the widest columns give way. */
function columnWidths(table: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((cells) => (cells[column] ?? '').length)));
  const total = () => widths.reduce((sum, columns) => sum + columns + gap, -gap);
  while (total() > width && Math.max(...widths) > narrowest) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function renderRow(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const wrapped = cells.map((cell, column) => wrapWords(cell, widths[column] ?? narrowest));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, column) => (lines[line] ?? '').padEnd((widths[column] ?? 0) + gap))
      .join('')
      .trimEnd(),
  );
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((part) => part.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function terminalWidth(): number {
  return process.stdout.columns ?? 120;
}

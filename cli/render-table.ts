import { type Paint, plainPaint } from './paint.ts';
import { renderFacts } from './render-facts.ts';
import { terminalWidth } from './terminal-width.ts';
import { wrapWords } from './wrap-words.ts';

type Row = Readonly<Record<string, string>>;

/**
 * Rows with equal keys as lines of aligned columns, wrapped between words so that they fit a terminal of `width`. Where
 * columns would have to break words, such as ids that somebody wants to copy, each row is a block of its own.
 */
export function renderTable(
  rows: readonly Row[],
  width = terminalWidth(),
  paint: Paint = plainPaint,
): readonly string[] {
  const heads = Object.keys(rows[0] ?? {});
  const cells = [heads, ...rows.map((row) => heads.map((head) => row[head] ?? ''))];
  const widths = columnWidths(cells, width);
  if (widths === undefined) return rows.flatMap((row, at) => [...(at === 0 ? [] : ['']), ...renderBlock(row, width)]);
  const [head = [], ...body] = cells;
  const rule = widths.map((columns) => '-'.repeat(columns));
  return [
    ...renderRow(head, widths).map((line) => paint('bold', line)),
    ...renderRow(rule, widths).map((line) => paint('dim', line)),
    ...body.flatMap((line) => renderRow(line, widths)),
  ];
}

const gap = 2;

/** Every column as wide as its longest cell; where that is too wide, the widest give way, but not below a word. */
function columnWidths(table: readonly (readonly string[])[], width: number): readonly number[] | undefined {
  const columns = (table[0] ?? []).map((_, column) => table.map((cells) => cells[column] ?? ''));
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const narrowest = columns.map((cells) => Math.max(...cells.flatMap((cell) => cell.split(' ')).map(lengthOf)));
  let excess = widths.reduce((sum, one) => sum + one + gap, -gap) - width;
  for (; excess > 0; excess -= 1) {
    const room = widths.map((one, column) => (one > (narrowest[column] ?? 0) ? one : 0));
    const widest = room.indexOf(Math.max(...room));
    if (room[widest] === 0) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function lengthOf({ length }: string): number {
  return length;
}

function renderRow(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const wrapped = cells.map((cell, column) => wrapWords(cell, widths[column] ?? 1));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, column) => (lines[line] ?? '').padEnd((widths[column] ?? 0) + gap))
      .join('')
      .trimEnd(),
  );
}

function renderBlock(row: Row, width: number): readonly string[] {
  const told = Object.entries(row).filter(([, cell]) => cell !== '');
  return renderFacts(told, width);
}

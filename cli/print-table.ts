import type { Output } from './output.ts';
import { renderTable } from './render-table.ts';
import { terminalWidth } from './terminal-width.ts';

/** Prints rows with equal keys as a table that fits the terminal. */
export function printTable(rows: Parameters<typeof renderTable>[0], { result, paint }: Output): void {
  for (const line of renderTable(rows, terminalWidth(), paint)) result(line);
}

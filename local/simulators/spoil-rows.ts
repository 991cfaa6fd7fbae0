import type { WireRow } from './simulated-vendor.ts';
import type { TrapSettings } from './trap-settings.ts';
import type { Spot, Traps } from './traps.ts';

export type Blankness = TrapSettings['blankFields']['as'];

/** Where a vendor's rows can be hurt. */
export type RowShape = {
  readonly idKey: string;
  readonly statusKey: string;
  /** Values of the wrong type for keys that every row has. */
  readonly broken: WireRow;
  blank(row: WireRow, as: Blankness): WireRow;
};

/** The rows after the traps that damage rows. */
export function spoilRows(traps: Traps, spot: Spot, rows: readonly WireRow[], shape: RowShape): WireRow[] {
  if (rows.length === 0) return [];
  let spoilt = [...rows];
  const blank = traps.fire('blankFields', spot);
  if (blank) spoilt = spoilt.map((row) => shape.blank(row, blank.as));
  if (traps.fire('loseStatus', spot)) spoilt = spoilt.map((row) => withoutKeys(row, [shape.statusKey]));
  const unknown = traps.fire('unknownStatus', spot);
  if (unknown) spoilt = spoilFirst(spoilt, (row) => ({ ...row, [shape.statusKey]: unknown.status }));
  const bad = traps.fire('badRow', spot);
  if (bad)
    spoilt = spoilFirst(spoilt, (row) => withoutKeys({ ...row, ...shape.broken }, bad.withId ? [] : [shape.idKey]));
  return spoilt;
}

export function withoutKeys(row: WireRow, keys: readonly string[]): WireRow {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
}

export function blankKeys(row: WireRow, keys: readonly string[], as: Blankness): WireRow {
  if (as === 'absent') return withoutKeys(row, keys);
  const blank = as === 'null' ? null : '';
  return { ...row, ...Object.fromEntries(keys.filter((key) => key in row).map((key) => [key, blank])) };
}

function spoilFirst(rows: readonly WireRow[], spoil: (row: WireRow) => WireRow): WireRow[] {
  return rows.map((row, index) => (index === 0 ? spoil(row) : row));
}

import { type Attributes, compareValues } from './attribute-value.ts';
import { parseCondition } from './condition.ts';
import type { Placeholders } from './expression-path.ts';
import type { MemoryTable } from './memory-table.ts';

export type QueryInput = {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly ProjectionExpression?: string;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
};
export type QueryAnswer = {
  readonly Items: readonly Attributes[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Attributes;
};

/** Both indexes hold the keys only: of the item and their own. */
const indexKeys: { readonly [name: string]: readonly [hash: string, range: string] } = {
  due: ['due', 'dueAt'],
  watch: ['watch', 'watchAt'],
};

export type QuerySource = { readonly table: MemoryTable; readonly indexed: () => Iterable<Attributes> };

/** @param pageSize the most items that an answer holds, whatever is asked for */
export function queryTable(
  { table, indexed }: QuerySource,
  input: QueryInput,
  { placeholders, pageSize }: { readonly placeholders: Placeholders; readonly pageSize: number },
): QueryAnswer {
  const keys = input.IndexName === undefined ? undefined : indexKeys[input.IndexName];
  const all = keys === undefined ? partitionOf(table, input, placeholders) : indexOf(indexed(), keys);
  const isWanted = parseCondition(input.KeyConditionExpression);
  const matching = all.filter((item) => isWanted(item, placeholders));
  if (input.ScanIndexForward === false) matching.reverse();
  const names = [...(keys ?? []), 'pk', 'sk'];
  const from = input.ExclusiveStartKey === undefined ? 0 : placeAfter(matching, input, names);
  const limit = Math.min(input.Limit ?? Number.POSITIVE_INFINITY, pageSize);
  const page = matching.slice(from, from + limit);
  const last = page.at(-1);
  const isCut = last !== undefined && page.length === limit;
  return {
    Items: page.map((item) => project(item, keys === undefined ? input.ProjectionExpression?.split(/\s*,\s*/) : names)),
    Count: page.length,
    ScannedCount: page.length,
    ...(isCut && { LastEvaluatedKey: project(last, names) }),
  };
}

function partitionOf(table: MemoryTable, input: QueryInput, { values }: Placeholders): readonly Attributes[] {
  const placeholder = /pk = (:\w+)/.exec(input.KeyConditionExpression)?.[1] ?? '';
  return table.partition(values[placeholder]?.S ?? '');
}

function indexOf(all: Iterable<Attributes>, [hash, range]: readonly [string, string]): readonly Attributes[] {
  const items = [...all].filter((item) => item[hash] !== undefined && item[range] !== undefined);
  return items.toSorted((a, b) => compareValues(a[range], b[range]) || compareKeys(a, b));
}

function compareKeys(one: Attributes, other: Attributes): number {
  return compareValues(one.pk, other.pk) || compareValues(one.sk, other.sk) || 0;
}

/** Where a page begins: the item that the last one ended with may be gone by now. */
function placeAfter(
  items: readonly Attributes[],
  { ExclusiveStartKey: start = {}, ScanIndexForward }: QueryInput,
  names: readonly string[],
): number {
  const range = names.length > 2 ? names[1] : undefined;
  const sign = ScanIndexForward === false ? -1 : 1;
  const order = (item: Attributes) =>
    sign * ((range === undefined ? 0 : compareValues(item[range], start[range])) || compareKeys(item, start));
  const place = items.findIndex((item) => order(item) > 0);
  return place === -1 ? items.length : place;
}

function project(item: Attributes, names: readonly string[] | undefined): Attributes {
  if (names === undefined) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

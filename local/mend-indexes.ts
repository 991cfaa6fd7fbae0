import type { AttributeValue, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import emulator from 'dynalite/db/index.js';
import { tableDefinition } from '../src/store/table.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Makes the indexes of a table follow from its items again, while nobody has it open. The emulator writes an item and its rows in
 * indexes one after the other: a process that is killed in between leaves a connection that no index knows, which is never due
 * again, or one that an index knows twice.
 */
export async function mendIndexes(path: string, tableName: string): Promise<void> {
  const database = new ClassicLevel<string, string>(path, { valueEncoding: 'utf8' });
  await database.open();
  try {
    const expected = await expectedRows(database, tableName);
    const surplus: string[] = [];
    for (const { IndexName } of indexesOf(tableName))
      for await (const key of database.keys(rangeOf(indexPrefix(tableName, IndexName))))
        if (!expected.delete(key)) surplus.push(key);
    const missing = [...expected].map(([key, value]) => ({ type: 'put' as const, key, value }));
    await database.batch([...surplus.map((key) => ({ type: 'del' as const, key })), ...missing]);
  } finally {
    await database.close();
  }
}

/** The rows that items have in indexes, by key. */
async function expectedRows(database: ClassicLevel<string, string>, tableName: string): Promise<Map<string, string>> {
  const indexes = indexesOf(tableName);
  const marks = indexes.map(({ KeySchema }) => `"${KeySchema?.[0]?.AttributeName}":`);
  const rows = new Map<string, string>();
  for await (const text of database.values(rangeOf(`item-${tableName}`))) {
    // What no index has a row of is most of the table, and need not be parsed.
    if (!marks.some((mark) => text.includes(mark))) continue;
    const item = JSON.parse(text) as Item;
    for (const index of indexes) addRow(rows, item, index, tableName);
  }
  return rows;
}

/** Nothing where the item lacks a key of the index. */
function addRow(
  rows: Map<string, string>,
  item: Item,
  { IndexName, KeySchema = [] }: GlobalSecondaryIndex,
  tableName: string,
): void {
  const { KeySchema: tableKeys = [], AttributeDefinitions = [] } = tableDefinition(tableName);
  const names = [...KeySchema, ...tableKeys].map(({ AttributeName = '' }) => AttributeName);
  if (names.some((name) => item[name] === undefined)) return;
  const key = emulator.createIndexKey(item, { KeySchema: tableKeys, AttributeDefinitions }, KeySchema);
  const row = Object.fromEntries(names.map((name) => [name, item[name]]));
  rows.set(`${indexPrefix(tableName, IndexName)}~${key}`, JSON.stringify(row));
}

const indexesOf = (tableName: string) => tableDefinition(tableName).GlobalSecondaryIndexes ?? [];
const indexPrefix = (tableName: string, indexName = '') => `index-global~${tableName}~${indexName}`;
/** Everything below a prefix that ends with a tilde; the character after it in ASCII ends the range. */
const rangeOf = (prefix: string) => ({ gte: `${prefix}~`, lt: `${prefix}\x7f` });

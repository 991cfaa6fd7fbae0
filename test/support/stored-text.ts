import { gunzipSync } from 'node:zlib';
import { DynamoDBClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import type { TestTable } from './test-table.ts';

/** The names of a connection's items that hold a text anywhere, also compressed; by kind, without what is unique. */
export async function placesOf(table: TestTable, id: ConnectionId, text: string): Promise<readonly string[]> {
  const client = new DynamoDBClient({ endpoint: table.endpoint, region: localRegion, credentials: localCredentials });
  const places = new Set<string>();
  try {
    for (let from: ScanCommandOutput['LastEvaluatedKey'] | 'begin' = 'begin'; from !== undefined; ) {
      const start = from === 'begin' ? {} : { ExclusiveStartKey: from };
      const answer: ScanCommandOutput = await client.send(new ScanCommand({ TableName: table.tableName, ...start }));
      for (const item of (answer.Items ?? []).map((marshalled) => unmarshall(marshalled))) {
        const isOurs = item.pk === `connection#${id}` || String(item.pk).startsWith(`connection#${id}#`);
        if (isOurs && textOf(item).includes(text)) places.add(nameOf(item));
      }
      from = answer.LastEvaluatedKey;
    }
  } finally {
    client.destroy();
  }
  return [...places].sort();
}

function nameOf({ pk, sk }: Record<string, unknown>): string {
  const [, , part = 'connection'] = String(pk).split('#');
  if (part !== 'blobs' && part !== 'connection') return part;
  const [kind = '', ...names] = String(sk).split(/[/#]/);
  return part === 'blobs' ? `blob ${names.at(-2)?.replace(/-.*/, '')}` : kind;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString('latin1')} ${unpacked(value)}`;
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, member]) => `${key} ${textOf(member)}`)
      .join(' ');
  return String(value);
}

function unpacked(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes).toString();
  } catch {
    return '';
  }
}

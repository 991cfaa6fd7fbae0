import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it, vi } from 'vitest';
import { startEmbeddedTable } from '../../../local/embedded-table.ts';

type Iterator = { next(): Promise<unknown> };

describe(startEmbeddedTable, () => {
  it('keeps nothing open of a query that it has answered, be it to the end or to a limit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'embedded-table-'));
    const table = await startEmbeddedTable(folder);
    const client = DynamoDBDocumentClient.from(table.client);
    const TableName = table.tableName;
    for (const sk of ['a', 'b', 'c']) await client.send(new PutCommand({ TableName, Item: { pk: 'p', sk } }));
    const opened = vi.spyOn(ClassicLevel.prototype, 'values');
    const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'p' } };

    const whole = await client.send(new QueryCommand(query));
    const first = await client.send(new QueryCommand({ ...query, Limit: 1 }));

    expect([whole.Count, first.Count, opened.mock.results.length]).toStrictEqual([3, 1, 2]);
    for (const { value } of opened.mock.results)
      await vi.waitFor(() =>
        expect((value as Iterator).next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' }),
      );
    await table.close();
    await rm(folder, { recursive: true });
  });
});

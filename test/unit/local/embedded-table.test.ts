import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type EmbeddedTable,
  localCredentials,
  localRegion,
  startEmbeddedTable,
} from '../../../local/embedded-table.ts';

type Iterator = { next(): Promise<unknown> };

let folder = '';
let table: EmbeddedTable;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-table-'));
  table = await startEmbeddedTable(folder);
});
afterEach(() => rm(folder, { recursive: true }));

describe(startEmbeddedTable, () => {
  it('keeps nothing open of a query that it has answered, be it to the end or to a limit', async () => {
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
  });

  // A read that goes on in a closed database fails where nobody can catch it, which ends the process.
  it('closes while it is read', async () => {
    const reader = new DynamoDBClient({
      endpoint: table.endpoint,
      region: localRegion,
      credentials: localCredentials,
      maxAttempts: 1,
    });
    const client = DynamoDBDocumentClient.from(reader);
    const TableName = table.tableName;
    const putAll = Array.from({ length: 200 }, (_, n) => new PutCommand({ TableName, Item: { pk: 'p', sk: `${n}` } }));
    await Promise.all(putAll.map((put) => client.send(put)));
    const ended: Error[] = [];
    const uncaught = (error: Error) => void ended.push(error);
    process.on('uncaughtException', uncaught);
    onTestFinished(() => void process.off('uncaughtException', uncaught));
    const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'p' } };

    const opened = vi.spyOn(ClassicLevel.prototype, 'values');
    const reads = Array.from({ length: 20 }, () => client.send(new QueryCommand(query)));
    while (opened.mock.calls.length < 3) await setImmediate();
    await table.close();
    const answers = await Promise.allSettled(reads);
    await sleep(20);

    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(ended).toStrictEqual([]);
    reader.destroy();
  });
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCount } from '../support/run-count.ts';
import { startTestTable } from '../support/test-table.ts';
import { createAwsHandler } from './aws/aws-handler.ts';
import { createMemoryDynamo } from './dynamo/memory-dynamo.ts';
import { createMemoryTable } from './dynamo/memory-table.ts';
import { anOperation, type Operation, toCommand } from './dynamo/random-operation.ts';

let table: Awaited<ReturnType<typeof startTestTable>>;
let real: DynamoDBClient;
beforeAll(async () => {
  table = await startTestTable();
  real = new DynamoDBClient({
    endpoint: table.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  real.destroy();
  await table.close();
});

function openMemory(): DynamoDBClient {
  const dynamo = createMemoryDynamo({ table: createMemoryTable(), tableId: () => 'memory' });
  const call = async <Answer>(_: unknown, effect: () => Answer) => effect();
  const handler = createAwsHandler({ call }, { DynamoDB: dynamo });
  return new DynamoDBClient({
    endpoint: 'http://memory',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: handler as never,
    maxAttempts: 1,
  });
}

/** What a table answers, or the name of its error. */
async function answerOf(client: DynamoDBClient, operation: Operation, run: string): Promise<unknown> {
  try {
    const {
      $metadata: _,
      ConsumedCapacity: __,
      ...answer
    } = (await client.send(toCommand(operation, { tableName: table.tableName, run }))) as {
      $metadata: unknown;
      ConsumedCapacity?: unknown;
    };
    const plain = JSON.parse(JSON.stringify(answer));
    return operation.kind === 'query_due' ? sorted({ Responses: { items: plain.Items } }) : sorted(plain);
  } catch (error) {
    return (error as Error).name;
  }
}

/** A batch comes in any order, and so do those that are due at the same time. */
function sorted(answer: { readonly Responses?: { readonly [table: string]: readonly object[] } }): object {
  if (answer.Responses === undefined) return answer;
  const lists = Object.entries(answer.Responses).map(([name, items]) => [
    name,
    items.map((item) => JSON.stringify(item, Object.keys(item).toSorted())).toSorted(),
  ]);
  return { ...answer, Responses: Object.fromEntries(lists) };
}

describe('createMemoryDynamo', () => {
  it('answers whatever is asked like dynalite', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anOperation, { minLength: 5, maxLength: 40 }), async (operations) => {
        runs += 1;
        const memory = openMemory();
        for (const operation of operations) {
          const expected = await answerOf(real, operation, `run-${runs}`);
          expect(await answerOf(memory, operation, `run-${runs}`), JSON.stringify(operation)).toStrictEqual(expected);
        }
      }),
      { numRuns: runCount(40) },
    );
  });
});

import { type DynamoDBClientConfig, DynamoDBClient as RealClient } from '@aws-sdk/client-dynamodb';
import { createAwsHandler } from '../simulate/aws/aws-handler.ts';
import { createMemoryDynamo, type MemoryDynamo } from '../simulate/dynamo/memory-dynamo.ts';
import { createMemoryTable } from '../simulate/dynamo/memory-table.ts';

// biome-ignore lint/performance/noBarrelFile: it stands in for a package, of which it changes one part.
export * from '@aws-sdk/client-dynamodb';

const tables = new Map<string, MemoryDynamo>();

/** One table for each address. */
function tableAt(endpoint: string): MemoryDynamo {
  const known = tables.get(endpoint);
  if (known !== undefined) return known;
  const table = createMemoryTable();
  const answer = createMemoryDynamo({ table, tableId: () => endpoint });
  const opened: MemoryDynamo = (operation, input) => {
    if (operation === 'CreateTable') return {};
    return operation === 'Scan' ? { Items: [...table.items()] } : answer(operation, input);
  };
  tables.set(endpoint, opened);
  return opened;
}

/** In place of the SDK's: answered below its request handler by a table in this process, as in the simulation. */
export class DynamoDBClient extends RealClient {
  constructor(config: DynamoDBClientConfig) {
    const call = async <Answer>(_: unknown, carryOut: () => Answer) => carryOut();
    super({ ...config, requestHandler: createAwsHandler({ call }, { DynamoDB: tableAt(String(config.endpoint)) }) });
  }
}

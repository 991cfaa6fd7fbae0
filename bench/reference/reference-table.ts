import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import { createTableClient, type TableClient } from '../../src/store/table-client.ts';
import { startTestTable } from '../../test/support/test-table.ts';
import { askAgain } from '../ask-again.ts';
import { createTableMeter, type TableMeter } from '../table-meter.ts';

/** A table of the reference's own, on the same emulator, under the same meter. */
export type ReferenceTable = {
  readonly table: TableClient;
  readonly meter: TableMeter;
  close(): Promise<void>;
};

export async function startReferenceTable(): Promise<ReferenceTable> {
  const { endpoint, tableName, close } = await startTestTable();
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
  askAgain(client);
  const meter = createTableMeter();
  meter.tap(client);
  return {
    table: createTableClient(DynamoDBDocumentClient.from(client), tableName, async () => undefined),
    meter,
    async close() {
      client.destroy();
      await close();
    },
  };
}

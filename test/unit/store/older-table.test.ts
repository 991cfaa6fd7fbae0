import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { describe, expect, it } from 'vitest';
import { localCredentials, localRegion } from '../../../local/embedded-table.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { createStore } from '../../../src/store/create-store.ts';
import { tableDefinition } from '../../../src/store/table.ts';
import { aConnection, all } from './sample-log.ts';

describe('a table that an older version made', () => {
  it('has nobody whose health is to be looked at, and knows who is due all the same', async () => {
    const server = dynalite({ createTableMs: 0 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
    const {
      GlobalSecondaryIndexes: indexes = [],
      AttributeDefinitions: attributes = [],
      ...rest
    } = tableDefinition('old');
    await client.send(
      new CreateTableCommand({
        ...rest,
        GlobalSecondaryIndexes: indexes.filter(({ IndexName }) => IndexName === 'due'),
        AttributeDefinitions: attributes.filter(({ AttributeName }) => !AttributeName?.startsWith('watch')),
      }),
    );
    const store = createStore(client, 'old', async () => undefined);
    const id = connectionId('acme');

    await store.saveConnection(aConnection(id), () => 'key', 0);

    expect(await all(store.watchedConnections())).toStrictEqual([]);
    expect(await all(store.dueConnections(1))).toMatchObject([{ connectionId: 'acme' }]);
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
});

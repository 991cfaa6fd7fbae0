import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seedConnection } from '../../../bench/memory/seeded-connection.ts';
import { createSweeping } from '../../../bench/memory/sweeping.ts';
import { localCredentials, localRegion } from '../../../local/embedded-table.ts';

describe(seedConnection, () => {
  it('leaves a table in which a sweep finds nobody changed, and then those that are', async () => {
    const seeded = await seedConnection({ users: 2_500, changeable: 25 });
    const { endpoint, tableName, apiKey, connection, list } = seeded;
    const table = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
    const sweeping = createSweeping({ table, tableName, apiKey });
    onTestFinished(async () => {
      await sweeping.close();
      table.destroy();
      await seeded.close();
    });
    const sweep = async () => {
      const result = await sweeping.sweep(connection.id);
      if (result.kind !== 'swept') return result.kind;
      const { outcome, counts } = result.report;
      return { outcome, seen: counts.seen, updated: counts.updated, unchanged: counts.unchanged };
    };

    expect(await sweep()).toStrictEqual({ outcome: 'complete', seen: 2_500, updated: 0, unchanged: 2_500 });

    Object.assign(list, { changed: 25, change: 1 });
    expect(await sweep()).toStrictEqual({ outcome: 'complete', seen: 2_500, updated: 25, unchanged: 2_475 });
  }, 60_000);
});

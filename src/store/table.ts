import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { dueIndexName, watchIndexName } from './keys.ts';

/** Items with this attribute, in epoch seconds, are deleted some time after it. */
export const ttlAttribute = 'expiresAt';

/** The one table, as the embedded runtime creates it. The deployed stack defines the same keys and index. */
export function tableDefinition(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'due', 'dueAt', 'watch', 'watchAt'].map((name) => ({
      AttributeName: name,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: dueIndexName,
        KeySchema: [
          { AttributeName: 'due', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: watchIndexName,
        KeySchema: [
          { AttributeName: 'watch', KeyType: 'HASH' },
          { AttributeName: 'watchAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  };
}

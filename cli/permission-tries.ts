import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { dueIndexName, duePartition } from '../src/store/keys.ts';
import type { FeedStack } from './read-stack.ts';
import type { PermissionTry } from './try-permission.ts';

export type PermissionClients = { readonly table: DynamoDBClient; readonly parameters: SSMClient };

/** An item that nobody ever writes. */
const nowhere = { pk: { S: 'doctor' }, sk: { S: 'doctor' } };
/** Never true of it: a write under this condition is authorised and then refused. */
const never = { ConditionExpression: 'attribute_exists(pk)' };
const refused = ['ConditionalCheckFailedException'];

/** The calls that an operator's credentials are needed for, each in a form that changes nothing. */
export function tablePermissions(
  { tableName: TableName, epochParameter }: FeedStack,
  { table, parameters }: PermissionClients,
): readonly PermissionTry[] {
  const resource = `table ${TableName}`;
  const looking = { resource, neededFor: 'every command', isNeededToLook: true };
  const writing = { resource, harmless: refused };
  return [
    {
      ...looking,
      action: 'dynamodb:GetItem',
      ask: () => table.send(new GetItemCommand({ TableName, Key: nowhere })),
    },
    {
      ...looking,
      action: 'dynamodb:BatchGetItem',
      ask: () => table.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [nowhere] } } })),
    },
    {
      ...looking,
      action: 'dynamodb:Query',
      ask: () => table.send(new QueryCommand({ TableName, Limit: 1, ...equals('pk', 'doctor') })),
    },
    {
      ...looking,
      action: 'dynamodb:Query',
      resource: `${resource}, index ${dueIndexName}`,
      ask: () =>
        table.send(new QueryCommand({ TableName, IndexName: dueIndexName, Limit: 1, ...equals('due', duePartition) })),
    },
    {
      ...writing,
      action: 'dynamodb:PutItem',
      neededFor: 'connections apply, pause and remove, decisions on holds, purge, replay, resync and redrive',
      ask: () => table.send(new PutItemCommand({ TableName, Item: nowhere, ...never })),
    },
    {
      ...writing,
      action: 'dynamodb:UpdateItem',
      neededFor: 'connections apply and resume',
      ask: () =>
        table.send(
          new UpdateItemCommand({
            TableName,
            Key: nowhere,
            UpdateExpression: 'SET doctor = :doctor',
            ExpressionAttributeValues: { ':doctor': { BOOL: true } },
            ...never,
          }),
        ),
    },
    {
      ...writing,
      action: 'dynamodb:DeleteItem',
      neededFor: 'replay and resync --restart',
      ask: () => table.send(new DeleteItemCommand({ TableName, Key: nowhere, ...never })),
    },
    {
      resource,
      action: 'dynamodb:DescribeTable',
      neededFor: 'sweep, resync and doctor: only so a restored table is noticed',
      ask: () => table.send(new DescribeTableCommand({ TableName })),
    },
    {
      action: 'ssm:GetParameter',
      resource: `parameter ${epochParameter}`,
      neededFor: 'sweep, resync and doctor: only so a restored table is noticed',
      // That it is gone is for whoever reads it to say.
      harmless: ['ParameterNotFound'],
      ask: () => parameters.send(new GetParameterCommand({ Name: epochParameter })),
    },
  ];
}

function equals(key: string, value: string) {
  return {
    KeyConditionExpression: '#key = :value',
    ExpressionAttributeNames: { '#key': key },
    ExpressionAttributeValues: { ':value': { S: value } },
  };
}

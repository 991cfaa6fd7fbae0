import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tableDefinition, ttlAttribute } from '../src/store/table.ts';
import type { FeedFunction } from './feed-function.ts';
import type { FeedSettings } from './settings.ts';

export type FeedTableProps = Pick<FeedSettings, 'removal' | 'tableKeyArn'>;

/** Of this id CloudFormation knows the table. With another one it would make a new table, and an empty one. */
export const tableLogicalId = 'FeedTable';

/** The one table, with the keys and indexes that the store defines, a stream of what is written, and backups. */
export class FeedTable extends Construct {
  readonly table: TableV2;
  readonly streamArn: string;
  readonly #key: IKey | undefined;
  readonly #indexNames: readonly string[];

  constructor(scope: Construct, id: string, { removal, tableKeyArn }: FeedTableProps) {
    super(scope, id);
    const { GlobalSecondaryIndexes = [], KeySchema } = tableDefinition('');
    this.#indexNames = GlobalSecondaryIndexes.map(({ IndexName }) => IndexName ?? '');
    this.#key = tableKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', tableKeyArn);
    this.table = new TableV2(this, 'Table', {
      ...primaryKey(KeySchema),
      globalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => ({
        indexName: index.IndexName ?? '',
        ...primaryKey(index.KeySchema),
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      billing: Billing.onDemand(),
      timeToLiveAttribute: ttlAttribute,
      dynamoStream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: this.#key ? TableEncryptionV2.customerManagedKey(this.#key) : TableEncryptionV2.awsManagedKey(),
      deletionProtection: removal === 'retain',
      removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    (this.table.node.defaultChild as CfnGlobalTable).overrideLogicalId(tableLogicalId);
    this.streamArn = this.table.tableStreamArn ?? '';
  }

  /** Lets a function do this to items, by their keys. */
  allow(grantee: FeedFunction, ...actions: readonly string[]): void {
    grantee.allow(actions, [this.table.tableArn]);
    this.#allowKey(grantee);
  }

  /** Lets a function query the indexes, and not the table. */
  allowIndexes(grantee: FeedFunction): void {
    const arns = this.#indexNames.map((name) => `${this.table.tableArn}/index/${name}`);
    grantee.allow(['dynamodb:Query'], arns);
  }

  /** Lets a function's event source read what is written. */
  allowStream(grantee: FeedFunction): void {
    grantee.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [this.streamArn]);
    grantee.allow(['dynamodb:ListStreams'], ['*']);
  }

  /** With a key of one's own, whoever reads or writes the table needs it; otherwise DynamoDB sees to that. */
  #allowKey(grantee: FeedFunction): void {
    if (this.#key !== undefined) grantee.allow(['kms:Decrypt', 'kms:DescribeKey'], [this.#key.keyArn]);
  }
}

function primaryKey(schema: readonly { AttributeName: string | undefined; KeyType: string | undefined }[] = []) {
  const [partition, sort] = schema.map(({ AttributeName }) => ({
    name: AttributeName ?? '',
    type: AttributeType.STRING,
  }));
  if (partition === undefined || sort === undefined) throw new Error('the store defines a key without two parts');
  return { partitionKey: partition, sortKey: sort };
}

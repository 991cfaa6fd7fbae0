import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export type UserChangeConsumerTableProps = {
  /** A key of your own. @default DynamoDB's own, which costs nothing */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of the table with its stack. A new one believes every event once more. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
};

/** What one consumer knows of users and sequences, for `createConsumerTable`. Two consumers need two of them. */
export class UserChangeConsumerTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: UserChangeConsumerTableProps = {}) {
    super(scope, id);
    const { encryptionKey, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: encryptionKey
        ? TableEncryptionV2.customerManagedKey(encryptionKey)
        : TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
    });
  }

  /** Lets a function keep what it knows here, and tells it the name of the table in `CONSUMER_TABLE`. */
  allow(handler: LambdaFunction): void {
    handler.addEnvironment('CONSUMER_TABLE', this.table.tableName);
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [this.table.tableArn],
      }),
    );
    this.table.encryptionKey?.grantEncryptDecrypt(handler);
  }
}

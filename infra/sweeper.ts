import { Duration, Stack } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { FeedFunction } from './feed-function.ts';
import type { FunctionParts } from './function-parts.ts';

/** The most that Lambda gives. A sweep that needs longer goes on in the next tick. */
export const sweepTimeout = Duration.minutes(15);

/** One message of the queue, one tick of one connection's sweep. */
export class Sweeper extends Construct {
  readonly feedFunction: FeedFunction;

  constructor(scope: Construct, id: string, parts: FunctionParts) {
    super(scope, id);
    const { settings, table, buses, queue, epoch, environment } = parts;
    this.feedFunction = new FeedFunction(this, 'Sweep', {
      settings,
      name: 'sweep',
      description: "Does one tick of one connection's sweep",
      timeout: sweepTimeout,
      memoryMb: settings.sweepMemoryMb,
      environment: { ...environment, SWEEP_QUEUE_URL: queue.queueUrl },
      isItsOwnSource: true,
    });
    const readsAndWrites = [
      'GetItem',
      'BatchGetItem',
      'Query',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'BatchWriteItem',
    ];
    table.allow(this.feedFunction, ...readsAndWrites.map((action) => `dynamodb:${action}`));
    this.feedFunction.allow(['sqs:SendMessage'], [queue.queueArn]);
    // Which table this is, and which one the feed knows.
    table.allow(this.feedFunction, 'dynamodb:DescribeTable');
    this.feedFunction.allow(['ssm:GetParameter'], [epoch.parameterArn]);
    // What has been unpublished for minutes is published by the connection's next tick.
    buses.allow(this.feedFunction);
    this.#allowSecrets(parts);
    this.#readQueue(parts);
  }

  /** Credentials below the prefix, and nothing else that is kept in the account. */
  #allowSecrets({ settings: { secretsPrefix, secretsKeyArn } }: FunctionParts): void {
    const stack = Stack.of(this);
    const parameters = stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${secretsPrefix}/*` });
    const secrets = `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:secret:${secretsPrefix}/*`;
    this.feedFunction.allow(['ssm:GetParameter'], [parameters]);
    this.feedFunction.allow(['secretsmanager:GetSecretValue'], [secrets]);
    if (secretsKeyArn !== undefined) this.feedFunction.allow(['kms:Decrypt'], [secretsKeyArn]);
    const reason = 'Connections are added without a deployment: their credentials are known by their prefix only.';
    for (const arn of [parameters, secrets]) {
      acknowledge(this.feedFunction, `AwsSolutions-IAM5[Resource::${arn}]`, reason);
    }
  }

  #readQueue({ settings, queue }: FunctionParts): void {
    this.feedFunction.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]);
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: this.feedFunction.fn,
      eventSourceArn: queue.queueArn,
      // One message an invocation: a connection that poisons its tick spoils no other.
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: settings.sweepConcurrency,
    });
    mapping.node.addDependency(this.feedFunction.role);
  }
}

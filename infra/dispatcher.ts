import { Aws, Duration } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { FeedFunction } from './feed-function.ts';
import type { FunctionParts } from './function-parts.ts';

/** Over before the next one begins. */
const timeout = Duration.seconds(55);

/** Every minute: which connections are due, which are late, and are the buses there? */
export class Dispatcher extends Construct {
  readonly feedFunction: FeedFunction;

  constructor(scope: Construct, id: string, { settings, table, buses, queue, epoch, environment }: FunctionParts) {
    super(scope, id);
    this.feedFunction = new FeedFunction(this, 'Dispatch', {
      settings,
      name: 'dispatch',
      description: 'Asks for a sweep of every connection that is due, and tells which are late',
      timeout,
      memoryMb: 256,
      environment: { ...environment, SWEEP_QUEUE_URL: queue.queueUrl },
    });
    // Settings, states and reports; notices, and places in budgets.
    const readsAndWrites = ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    table.allow(this.feedFunction, ...readsAndWrites.map((action) => `dynamodb:${action}`));
    table.allowIndexes(this.feedFunction);
    this.feedFunction.allow(['sqs:SendMessage'], [queue.queueArn]);
    // Which table this is, and which one the feed knows; a new feed's it puts on record.
    table.allow(this.feedFunction, 'dynamodb:DescribeTable');
    this.feedFunction.allow(['ssm:GetParameter', 'ssm:PutParameter'], [epoch.parameterArn]);
    buses.allow(this.feedFunction);
    new Schedule(this, 'EveryMinute', {
      description: 'Starts the dispatch function of the user change feed',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // A minute that is missed is made up for by the next one.
      target: new LambdaInvoke(this.feedFunction.fn, {
        role: this.#createCaller(),
        retryAttempts: 1,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }

  /** May call this one function. The CDK's own grant would add all its versions. */
  #createCaller(): IRole {
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const caller = new Role(this, 'Caller', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions }),
    });
    const { functionArn } = this.feedFunction.fn;
    caller.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    return caller.withoutPolicyUpdates();
  }
}

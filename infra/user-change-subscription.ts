import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSource, type UserEventFilter, userEventPattern } from '../src/events/public.ts';

export type UserChangeSubscriptionProps = {
  /**
   * The feed's bus: a construct, or its name or ARN. The bus of another account needs the ARN, and that account must let
   * this one in (`busAccounts` or `busOrganization` of the feed). Bus and queue are in the same region.
   */
  readonly bus: { readonly eventBusArn: string } | string;
  /** Which user events. Gaps in the sequence can only be noticed without a filter. @default everything the feed publishes */
  readonly filter?: UserEventFilter | undefined;
  /** A function that takes batches of messages, as `createUserEventHandler` makes it. @default none: read the queue */
  readonly handler?: LambdaFunction | undefined;
  /** Messages given to the function at once. @default 10 */
  readonly batchSize?: number | undefined;
  /** How many of the function run at the same time for this queue, 2 to 1000. @default 5 */
  readonly maxConcurrency?: number | undefined;
  /** How often a message is given out before it is put aside. An event whose user is busy counts, too. @default 10 */
  readonly maxReceives?: number | undefined;
  /** How long a message is hidden while it is worked on. @default six timeouts of the function, at least a minute */
  readonly visibilityTimeout?: Duration | undefined;
  /** How long messages wait that nobody takes. @default 4 days */
  readonly retention?: Duration | undefined;
  /** A KMS key for queue and dead letters, made to serve EventBridge. @default the key of SQS, which costs nothing */
  readonly encryptionKey?: IKey | undefined;
};

/** The most that SQS keeps. The clock of a dead letter runs from when it was first sent, so this must be the longer one. */
const deadLetterRetention = Duration.days(14);
/** AWS's advice: a message must not be given out again while it is worked on. */
const timeoutsPerVisibility = 6;
const leastVisibility = Duration.minutes(1);
/** Of a function that does not say. */
const lambdaTimeout = Duration.seconds(3);

/**
 * A consumer of the feed: a rule on its bus, an encrypted queue, and a queue for what could not be delivered or applied,
 * with an alarm. With a function, that takes the queue's messages and fails them one by one.
 */
export class UserChangeSubscription extends Construct {
  readonly queue: Queue;
  /** What EventBridge could not deliver, and what was given out too often. */
  readonly deadLetters: Queue;
  readonly rule: CfnRule;
  /** Rings for any dead letter. Add an action to hear it. */
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, props: UserChangeSubscriptionProps) {
    super(scope, id);
    const { bus, filter, handler, encryptionKey, maxReceives = 10, retention = Duration.days(4) } = props;
    const encryption = encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...encryption,
      enforceSSL: true,
      retentionPeriod: deadLetterRetention,
    });
    this.queue = new Queue(this, 'Queue', {
      ...encryption,
      enforceSSL: true,
      retentionPeriod: retention,
      visibilityTimeout: props.visibilityTimeout ?? visibilityFor(handler),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
    this.rule = new CfnRule(this, 'Rule', {
      description: `Events of the user change feed for ${this.node.path}`,
      // By its ARN a bus is found in whatever account; the CDK's own rule names it, and misses those of others.
      eventBusName: typeof bus === 'string' ? bus : bus.eventBusArn,
      eventPattern: filter === undefined ? { source: [eventSource] } : userEventPattern(filter),
      targets: [{ id: 'Queue', arn: this.queue.queueArn, deadLetterConfig: { arn: this.deadLetters.queueArn } }],
    });
    encryptionKey?.grantEncryptDecrypt(eventBridge);
    for (const queue of [this.queue, this.deadLetters]) queue.addToResourcePolicy(this.#sentByRule(queue));
    this.deadLetterAlarm = this.#watchDeadLetters();
    if (handler !== undefined) this.#deliverTo(handler, props);
  }

  /** Nothing but this rule may send. */
  #sentByRule(queue: Queue): PolicyStatement {
    return new PolicyStatement({
      sid: 'RuleSends',
      principals: [eventBridge],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': this.rule.attrArn } },
    });
  }

  #deliverTo(handler: LambdaFunction, { batchSize = 10, maxConcurrency = 5 }: UserChangeSubscriptionProps): void {
    this.queue.grantConsumeMessages(handler);
    new EventSourceMapping(this, 'Messages', {
      target: handler,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxConcurrency,
      // One message that fails is delivered again alone.
      reportBatchItemFailures: true,
    }).node.addDependency(handler.role ?? handler);
  }

  #watchDeadLetters(): Alarm {
    return new Alarm(this, 'DeadLettersAlarm', {
      alarmDescription: `${this.node.path}: events that could not be delivered or applied. Read them, then redrive them.`,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

const eventBridge = new ServicePrincipal('events.amazonaws.com');

function visibilityFor(handler: LambdaFunction | undefined): Duration {
  if (handler === undefined) return leastVisibility;
  const seconds = (handler.timeout ?? lambdaTimeout).toSeconds() * timeoutsPerVisibility;
  return Duration.seconds(Math.max(seconds, leastVisibility.toSeconds()));
}

import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export type SweepQueueProps = {
  /** Of the function that takes the messages. */
  readonly functionTimeout: Duration;
};

/** AWS's advice for a queue that a function reads: fewer, and a message is given out again while it is being worked on. */
const timeoutsPerVisibility = 6;
/** How often a message is given out before it is put aside. */
const maxReceives = 3;

/** Requests for ticks, and those that failed again and again. They name connections and hold nothing of users. */
export class SweepQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { functionTimeout }: SweepQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(functionTimeout.toSeconds() * timeoutsPerVisibility),
      // Whatever is older than a day has been asked for again many times since.
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }
}

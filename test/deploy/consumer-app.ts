import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** A consumer as docs/deploying.md shows one: a rule on the feed's bus, and a queue of its own. */
const app = new App();
const stack = new Stack(app, 'Consumer', { stackName: 'consumer' });
const eventBus = EventBus.fromEventBusArn(stack, 'Feed', app.node.getContext('busArn'));
const deadLetterQueue = new Queue(stack, 'DeadLetters', { removalPolicy: RemovalPolicy.DESTROY });
const queue = new Queue(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY });
new Rule(stack, 'Everything', {
  eventBus,
  eventPattern: { source: ['user-change-feed'] },
  targets: [new SqsQueue(queue, { deadLetterQueue })],
});
new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
app.synth();

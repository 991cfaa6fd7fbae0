import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { UserChangeSubscription } from '../../infra/public.ts';

/** A consumer as docs/consuming.md shows one, that reads its queue by itself. */
const app = new App();
const stack = new Stack(app, 'Consumer', { stackName: 'consumer' });
const { queue } = new UserChangeSubscription(stack, 'Everything', { bus: app.node.getContext('busArn') });
new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
app.synth();

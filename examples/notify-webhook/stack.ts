import { App, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { UserChangeConsumerTable, UserChangeSubscription } from '../../infra/public.ts';

export type NotifyWebhookProps = { readonly busArn: string; readonly webhookUrl: string };

/** Tells a chat who came, left or changed status. */
export class NotifyWebhook extends Stack {
  constructor(scope: Construct, id: string, { busArn, webhookUrl }: NotifyWebhookProps) {
    super(scope, id);
    const handler = new NodejsFunction(this, 'Handler', {
      entry: `${import.meta.dirname}/lambda.ts`,
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
      // One at a time: the pace is kept within the function.
      reservedConcurrentExecutions: 1,
      environment: { WEBHOOK_URL: webhookUrl },
    });
    new UserChangeConsumerTable(this, 'Known').allow(handler);
    new UserChangeSubscription(this, 'News', {
      bus: busArn,
      filter: { types: ['user.created', 'user.status_changed', 'user.deleted'] },
      handler,
      maxConcurrency: 2,
    });
  }
}

if (process.argv[1] === import.meta.filename) {
  const app = new App();
  const webhookUrl = app.node.getContext('webhookUrl');
  new NotifyWebhook(app, 'NotifyWebhook', { busArn: app.node.getContext('busArn'), webhookUrl });
}

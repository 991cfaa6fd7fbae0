import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { UserChangeSubscription } from '../../infra/public.ts';

export type PrintEventsProps = { readonly busArn: string };

/** A function that prints what the feed publishes to its log. */
export class PrintEvents extends Stack {
  constructor(scope: Construct, id: string, { busArn }: PrintEventsProps) {
    super(scope, id);
    const handler = new NodejsFunction(this, 'Handler', {
      entry: `${import.meta.dirname}/lambda.ts`,
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
    });
    new UserChangeSubscription(this, 'Events', { bus: busArn, handler });
    new CfnOutput(this, 'FunctionName', { value: handler.functionName });
  }
}

if (process.argv[1] === import.meta.filename) {
  const app = new App();
  new PrintEvents(app, 'PrintEvents', { busArn: app.node.getContext('busArn') });
}

import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { UserChangeConsumerTable, UserChangeSubscription } from '../../infra/public.ts';

export type AccessReviewProps = { readonly busArn: string };

/** Keeps what an access review needs to know, to be exported at any time. */
export class AccessReview extends Stack {
  constructor(scope: Construct, id: string, { busArn }: AccessReviewProps) {
    super(scope, id);
    const handler = new NodejsFunction(this, 'Handler', {
      entry: `${import.meta.dirname}/lambda.ts`,
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
    });
    const known = new UserChangeConsumerTable(this, 'Known');
    known.allow(handler);
    new UserChangeSubscription(this, 'Users', {
      bus: busArn,
      filter: { types: ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'] },
      handler,
    });
    new CfnOutput(this, 'TableName', { value: known.table.tableName });
  }
}

if (process.argv[1] === import.meta.filename) {
  const app = new App();
  new AccessReview(app, 'AccessReview', { busArn: app.node.getContext('busArn') });
}

import { App, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { UserChangeConsumerTable, UserChangeSubscription } from '../../infra/public.ts';

export type DeprovisionLeaversProps = { readonly busArn: string; readonly revokeUrl: string };

/** Takes access away from leavers, by a webhook. */
export class DeprovisionLeavers extends Stack {
  constructor(scope: Construct, id: string, { busArn, revokeUrl }: DeprovisionLeaversProps) {
    super(scope, id);
    const handler = new NodejsFunction(this, 'Handler', {
      entry: `${import.meta.dirname}/lambda.ts`,
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
      environment: { REVOKE_URL: revokeUrl },
    });
    new UserChangeConsumerTable(this, 'Known').allow(handler);
    new UserChangeSubscription(this, 'Leavers', {
      bus: busArn,
      // Everything that moves a status, not leavers alone: with the return of a user unheard of, a late event would revoke
      // what he has been given since.
      filter: { types: ['user.created', 'user.status_changed', 'user.deleted'] },
      handler,
    });
  }
}

if (process.argv[1] === import.meta.filename) {
  const app = new App();
  const busArn = app.node.getContext('busArn');
  new DeprovisionLeavers(app, 'DeprovisionLeavers', { busArn, revokeUrl: app.node.getContext('revokeUrl') });
}

import { App, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { UserChangeSubscription } from '../../infra/public.ts';

export type UsersInPostgresProps = { readonly busArn: string; readonly databaseUrl: string };

/** Keeps a table of users in a PostgreSQL that the function can reach. */
export class UsersInPostgres extends Stack {
  constructor(scope: Construct, id: string, { busArn, databaseUrl }: UsersInPostgresProps) {
    super(scope, id);
    const handler = new NodejsFunction(this, 'Handler', {
      entry: `${import.meta.dirname}/lambda.ts`,
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
      // Where the database is to have a password, let the function read it from Secrets Manager instead.
      environment: { DATABASE_URL: databaseUrl },
      bundling: {
        format: OutputFormat.ESM,
        // The driver's own native addition, which is not installed.
        externalModules: ['pg-native'],
        banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
      },
    });
    new UserChangeSubscription(this, 'Users', {
      bus: busArn,
      filter: { types: ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'] },
      handler,
    });
  }
}

if (process.argv[1] === import.meta.filename) {
  const app = new App();
  const databaseUrl = app.node.getContext('databaseUrl');
  new UsersInPostgres(app, 'UsersInPostgres', { busArn: app.node.getContext('busArn'), databaseUrl });
}

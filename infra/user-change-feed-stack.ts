import { CfnOutput, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { Dispatcher } from './dispatcher.ts';
import { EventRegistry } from './event-registry.ts';
import { FeedAlarms } from './feed-alarms.ts';
import { FeedBuses } from './feed-buses.ts';
import { FeedDashboard } from './feed-dashboard.ts';
import { createFeedMetrics } from './feed-metrics.ts';
import { FeedTable } from './feed-table.ts';
import type { FunctionParts } from './function-parts.ts';
import { Publisher } from './publisher.ts';
import { loopbackRefusal } from './read-settings.ts';
import { defaultSettings, emulatedAccount, type FeedSettings } from './settings.ts';
import { SweepQueue } from './sweep-queue.ts';
import { Sweeper, sweepTimeout } from './sweeper.ts';

export type UserChangeFeedStackProps = Partial<FeedSettings> & Pick<StackProps, 'env'>;

/** A whole feed: table, bus, the three functions between them, and what operators watch. */
export class UserChangeFeedStack extends Stack {
  constructor(scope: Construct, id: string, { env, ...given }: UserChangeFeedStackProps = {}) {
    const settings = { ...defaultSettings, ...given };
    super(scope, id, {
      ...(env && { env }),
      stackName: settings.stackName,
      description: 'User change feed: tells other services when users change in systems that do not',
      terminationProtection: settings.removal === 'retain',
    });
    if (settings.allowLoopbackVendors && env?.account !== emulatedAccount)
      throw new Error(loopbackRefusal(env?.account));
    Tags.of(this).add('project', 'user-change-feed');
    Tags.of(this).add('feed', settings.stackName);

    const feedTable = new FeedTable(this, 'Table', settings);
    const buses = new FeedBuses(this, 'Buses', settings);
    if (!settings.withoutSchemas) new EventRegistry(this, 'Events', { registryName: settings.stackName });
    const sweepQueue = new SweepQueue(this, 'Sweeps', { functionTimeout: sweepTimeout });
    const parts = this.#partsOf(settings, { feedTable, buses, sweepQueue });
    const { feedFunction: dispatch } = new Dispatcher(this, 'Dispatcher', parts);
    const { feedFunction: sweep } = new Sweeper(this, 'Sweeper', parts);
    const publisher = new Publisher(this, 'Publisher', parts);

    const metrics = createFeedMetrics(settings.stackName);
    const watched = { metrics, dispatch, sweep, publisher, sweepQueue, feedTable };
    const { alarms } = new FeedAlarms(this, 'Alarms', { ...settings, watched });
    new FeedDashboard(this, 'Overview', { dashboardName: settings.stackName, watched, alarms });
    this.#tell({
      TableName: feedTable.table.tableName,
      BusName: buses.main.bus.eventBusName,
      BusArn: buses.main.bus.eventBusArn,
      ...(Object.keys(settings.tenantBuses).length > 0 && { TenantBuses: buses.environment.TENANT_BUSES }),
      SweepQueueUrl: sweepQueue.queue.queueUrl,
      DeadLetterQueueUrl: sweepQueue.deadLetters.queueUrl,
      FailedBatchesBucket: publisher.failedBatches.bucket.bucketName,
      SecretsPrefix: settings.secretsPrefix,
      ...(settings.allowLoopbackVendors && { LoopbackVendors: 'true' }),
      ...(settings.allowPrivateVendors && { PrivateVendors: 'true' }),
      EpochParameter: parts.epoch.parameterName,
      DashboardUrl: `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${settings.stackName}`,
    });
  }

  #partsOf(
    settings: FeedSettings,
    { feedTable, buses, sweepQueue }: { feedTable: FeedTable; buses: FeedBuses; sweepQueue: SweepQueue },
  ): FunctionParts {
    // Changing any property of it makes CloudFormation write all of them, and with the first value the epoch is lost: sweeps
    // would stop until an operator gives the feed a new one. So these stay as they are; a test holds them.
    const epoch = new StringParameter(this, 'Epoch', {
      description: 'Rises when the table was restored from a backup: see docs/operating.md',
      stringValue: '{"epoch":1}',
    });
    epoch.applyRemovalPolicy(settings.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    const environment = {
      ...buses.environment,
      TABLE_NAME: feedTable.table.tableName,
      SECRETS_PREFIX: settings.secretsPrefix,
      EPOCH_PARAMETER: epoch.parameterName,
    };
    return { settings, table: feedTable, buses, queue: sweepQueue.queue, epoch, environment };
  }

  /** What people and tools need to know of the stack. */
  #tell(outputs: { readonly [name: string]: string }): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { logPrefix } from '../src/store/keys.ts';
import { FailedBatches } from './failed-batches.ts';
import { FeedFunction } from './feed-function.ts';
import type { FunctionParts } from './function-parts.ts';

/** The mark of log batches that hold events, as the log writes it. A test compares the two. */
const holdsEvents = 'yes';
/** Tries of a batch that cannot be published, and how long: it holds up the others of its shard. */
const retryAttempts = 30;
const maxRecordAge = Duration.hours(6);

/** From the table's stream to the bus: every log batch that holds events, when it is inserted. */
export class Publisher extends Construct {
  readonly feedFunction: FeedFunction;
  readonly failedBatches: FailedBatches;
  readonly mapping: EventSourceMapping;

  constructor(
    scope: Construct,
    id: string,
    { settings, table, buses, environment }: Omit<FunctionParts, 'queue' | 'epoch'>,
  ) {
    super(scope, id);
    this.feedFunction = new FeedFunction(this, 'Publish', {
      settings,
      name: 'publish',
      description: "Publishes the change log's events on the bus",
      timeout: Duration.minutes(5),
      memoryMb: 512,
      environment,
    });
    table.allow(this.feedFunction, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    table.allowStream(this.feedFunction);
    buses.allow(this.feedFunction);
    this.failedBatches = new FailedBatches(this, 'FailedBatches', settings);
    this.failedBatches.allow(this.feedFunction);
    this.mapping = new EventSourceMapping(this, 'Log', {
      target: this.feedFunction.fn,
      eventSourceArn: table.streamArn,
      // The latest would miss what is written while the mapping is made or changed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts,
      maxRecordAge,
      onFailure: this.failedBatches.destination,
      supportS3OnFailureDestination: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: {
            Keys: { sk: { S: FilterRule.beginsWith(logPrefix) } },
            NewImage: { holdsEvents: { S: FilterRule.isEqual(holdsEvents) } },
          },
        }),
      ],
    });
    this.mapping.node.addDependency(this.feedFunction.role);
  }
}

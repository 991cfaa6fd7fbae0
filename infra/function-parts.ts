import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { FeedBuses } from './feed-buses.ts';
import type { FeedTable } from './feed-table.ts';
import type { FeedSettings } from './settings.ts';

/** What the three functions are put together from. */
export type FunctionParts = {
  readonly settings: FeedSettings;
  readonly table: FeedTable;
  readonly buses: FeedBuses;
  readonly queue: Queue;
  /** Outside the table, so that a table restored from a backup is noticed. */
  readonly epoch: StringParameter;
  readonly environment: { readonly [name: string]: string };
};

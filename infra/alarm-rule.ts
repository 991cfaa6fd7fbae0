import { type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { FeedFunction } from './feed-function.ts';
import type { FeedMetrics } from './feed-metrics.ts';
import type { FeedTable } from './feed-table.ts';
import type { Publisher } from './publisher.ts';
import type { SweepQueue } from './sweep-queue.ts';

/** What alarms watch. */
export type Watched = {
  readonly metrics: FeedMetrics;
  readonly dispatch: FeedFunction;
  readonly sweep: FeedFunction;
  readonly publisher: Publisher;
  readonly sweepQueue: SweepQueue;
  readonly feedTable: FeedTable;
};

/** One way to fail, and how it shows. */
export type AlarmRule = {
  /** Also the title of its section in docs/operating.md. */
  readonly name: string;
  /** What is the matter when it rings, in one sentence. */
  readonly says: string;
  readonly metric: IMetric;
  /** Rings when the metric is so high, or for `below` so low. */
  readonly threshold: number;
  /** @default false */
  readonly below?: boolean;
  /** How many of the metric's periods are looked at, all of which must be so unless `breaches` says fewer. @default 1 */
  readonly periods?: number;
  readonly breaches?: number;
  /** What it means that there is no metric. @default all is well */
  readonly missing?: TreatMissingData;
};

/** For gauges of the dispatcher: if it stops, another alarm tells so, and this one stays as it is. */
export const staysAsItIs = TreatMissingData.IGNORE;

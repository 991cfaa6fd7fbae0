import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { vendors } from '../src/vendors/registry.ts';
import { defaultSettings } from './settings.ts';

/** Where the functions' own metrics are. Two feeds in one account must not add up: another name, another namespace. */
export function metricNamespace(stackName: string): string {
  return stackName === defaultSettings.stackName ? 'UserChangeFeed' : `UserChangeFeed/${stackName}`;
}

/** Metrics of all connections together. */
export type FleetMetric =
  | 'StaleConnections'
  | 'FailingConnections'
  | 'OldestCompleteSweepSeconds'
  | 'DueConnections'
  | 'PublishFailures'
  | 'PublishLagMs'
  | 'UnpublishedAgeSeconds'
  | 'BusMissing';

/** Metrics of each vendor's connections. */
export type VendorMetric =
  | 'UsersSeen'
  | 'Created'
  | 'Updated'
  | 'StatusChanged'
  | 'Deleted'
  | 'Held'
  | 'SweepSeconds'
  | 'Pages'
  | 'VendorLatencyMs'
  | 'VendorThrottled'
  | 'VendorServerErrors';

export type FeedMetrics = {
  fleet(name: FleetMetric, statistic: string, period?: Duration): Metric;
  /** A metric of each vendor, labelled with the vendor. */
  ofVendors(name: VendorMetric, statistic: string, period?: Duration): readonly Metric[];
  /** A count of all vendors together. */
  total(name: VendorMetric, period?: Duration): IMetric;
  /** How many sweeps of each vendor ended so. */
  sweeps(outcome: string, period?: Duration): readonly Metric[];
};

/** The functions' metrics as dashboard and alarms read them. An alarm cannot search for vendors: they are listed. */
export function createFeedMetrics(stackName: string): FeedMetrics {
  const metric = (name: string, dimensions: Record<string, string>, statistic: string, period: Duration) =>
    new Metric({
      namespace: metricNamespace(stackName),
      metricName: name,
      dimensionsMap: dimensions,
      statistic,
      period,
      ...(dimensions.vendor !== undefined && { label: dimensions.vendor }),
    });
  const ofVendors: FeedMetrics['ofVendors'] = (name, statistic, period = Duration.minutes(5)) =>
    vendors.map(({ id }) => metric(name, { vendor: id }, statistic, period));
  return {
    fleet: (name, statistic, period = Duration.minutes(1)) => metric(name, {}, statistic, period),
    ofVendors,
    total: (name, period = Duration.minutes(5)) => sumOf(ofVendors(name, 'Sum', period), name, period),
    sweeps: (outcome, period = Duration.minutes(5)) =>
      vendors.map(({ id }) => metric('Sweeps', { vendor: id, outcome }, 'Sum', period)),
  };
}

/** The sum of counts, some of which may have no data. Their ids must be their own in a whole graph. */
export function sumOf(counts: readonly Metric[], label: string, period: Duration): MathExpression {
  const prefix = label.toLowerCase().replaceAll(/[^a-z]/g, '');
  const usingMetrics = Object.fromEntries(counts.map((count, at) => [`${prefix}${at}`, count]));
  const expression = `SUM([${Object.keys(usingMetrics).join(', ')}])`;
  return new MathExpression({ expression, usingMetrics, label, period });
}

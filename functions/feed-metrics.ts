import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every metric there is, and its unit. */
const units = {
  Sweeps: MetricUnit.Count,
  UsersSeen: MetricUnit.Count,
  Created: MetricUnit.Count,
  Updated: MetricUnit.Count,
  StatusChanged: MetricUnit.Count,
  Deleted: MetricUnit.Count,
  Held: MetricUnit.Count,
  SweepSeconds: MetricUnit.Seconds,
  Pages: MetricUnit.Count,
  VendorLatencyMs: MetricUnit.Milliseconds,
  VendorThrottled: MetricUnit.Count,
  VendorServerErrors: MetricUnit.Count,
  StaleConnections: MetricUnit.Count,
  FailingConnections: MetricUnit.Count,
  OldestCompleteSweepSeconds: MetricUnit.Seconds,
  DueConnections: MetricUnit.Count,
  PublishFailures: MetricUnit.Count,
  PublishLagMs: MetricUnit.Milliseconds,
  UnpublishedAgeSeconds: MetricUnit.Seconds,
  BusMissing: MetricUnit.Count,
} as const;
export type MetricName = keyof typeof units;

/** Few values each: every combination is a metric of its own, and costs as much. */
export type MetricDimensions = { readonly vendor?: string; readonly outcome?: string };

export type FeedMetrics = {
  /** Values under the same dimensions, at once. `properties` can be searched for in the logs and cost nothing. */
  record(
    values: { readonly [Name in MetricName]?: number | readonly number[] },
    dimensions?: MetricDimensions,
    properties?: { readonly [name: string]: string },
  ): void;
};

/** Source: the specification of the embedded metric format: at most 100 values of a metric in one document. */
const maxValues = 100;

/**
 * Metrics in CloudWatch's embedded metric format, a line of the log each: no call, no waiting. The namespace is that of the
 * environment where none is given.
 */
export function createFeedMetrics(namespace?: string): FeedMetrics {
  const metrics = new Metrics(namespace === undefined ? {} : { namespace });
  // Which function it was is no dimension of ours.
  metrics.clearDefaultDimensions();
  return {
    record(values, dimensions = {}, properties = {}) {
      const entries = Object.entries(values).flatMap(([name, value]) =>
        chunksOf([value].flat()).map((part) => ({ name: name as MetricName, part })),
      );
      // A metric of more than one chunk begins a new document.
      for (const group of documentsOf(entries)) {
        metrics.addDimensions({ ...dimensions });
        for (const [key, value] of Object.entries(properties)) metrics.addMetadata(key, value);
        for (const { name, part } of group) for (const value of part) metrics.addMetric(name, units[name], value);
        metrics.publishStoredMetrics();
      }
    },
  };
}

type Part = { readonly name: MetricName; readonly part: readonly number[] };

function chunksOf(values: readonly number[]): readonly (readonly number[])[] {
  const chunks: (readonly number[])[] = [];
  for (let from = 0; from < values.length; from += maxValues) chunks.push(values.slice(from, from + maxValues));
  return chunks;
}

function documentsOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const documents: Part[][] = [];
  for (const part of parts) {
    const free = documents.find((document) => document.every(({ name }) => name !== part.name));
    if (free === undefined) documents.push([part]);
    else free.push(part);
  }
  return documents;
}

import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmRule, staysAsItIs, type Watched } from './alarm-rule.ts';
import { sumOf } from './feed-metrics.ts';

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);

/** Far below the day after which records leave the stream. */
const iteratorAgeMs = 5 * 60_000;
/** The connection's next tick publishes what is older than five minutes; this has outlived that. */
const unpublishedSeconds = 15 * 60;

/** What can go wrong from the change log to the bus. */
export function publishAlarms({ metrics, publisher }: Watched): readonly AlarmRule[] {
  const { fn, timeout } = publisher.feedFunction;
  return [
    {
      name: 'publish-errors',
      says: 'The publish function breaks off: events are late.',
      metric: fn.metricErrors({ period: minute }),
      threshold: 1,
      periods: 5,
      breaches: 3,
    },
    {
      name: 'publish-failures',
      says: 'The bus refuses events, or does not answer: events are late.',
      metric: metrics.fleet('PublishFailures', 'Sum'),
      threshold: 1,
      periods: 5,
      breaches: 3,
    },
    {
      name: 'publish-duration',
      says: 'The publish function needs almost all of its time.',
      metric: fn.metricDuration({ period: fiveMinutes, statistic: 'p99' }),
      threshold: timeout.toMilliseconds() * 0.8,
      periods: 3,
    },
    {
      name: 'publish-iterator-age',
      says: "The publish function is behind the table's stream, which forgets after 24 hours.",
      metric: fn.metric('IteratorAge', { period: minute, statistic: 'Maximum' }),
      threshold: iteratorAgeMs,
      periods: 3,
    },
    {
      name: 'unpublished-events',
      says: 'Committed changes are not on the bus after a quarter of an hour.',
      metric: metrics.fleet('UnpublishedAgeSeconds', 'Maximum'),
      threshold: unpublishedSeconds,
      periods: 3,
      missing: staysAsItIs,
    },
    {
      name: 'failed-batches',
      says: 'Batches of the change log could not be published and were put aside: their events are missing on the bus.',
      metric: sumOf(droppedOf(publisher.mapping.eventSourceMappingId), 'put aside', minute),
      threshold: 1,
    },
    {
      name: 'bus-missing',
      says: 'A bus does not exist: whatever is published there is dropped.',
      metric: metrics.fleet('BusMissing', 'Maximum'),
      threshold: 1,
      periods: 2,
      missing: staysAsItIs,
    },
  ];
}

/** Records that went to the bucket of failed batches, and those that got lost even on the way there. */
function droppedOf(mappingId: string): readonly Metric[] {
  return ['OnFailureDestinationDeliveredEventCount', 'DroppedEventCount'].map(
    (metricName) =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { EventSourceMappingUUID: mappingId },
        statistic: 'Sum',
        period: minute,
      }),
  );
}

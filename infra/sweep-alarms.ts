import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmRule, staysAsItIs, type Watched } from './alarm-rule.ts';
import type { FeedFunction } from './feed-function.ts';
import { sumOf } from './feed-metrics.ts';

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);
const hour = Duration.hours(1);

/** A sweep stops by itself so many seconds before its time is up; beyond that it was cut off. */
const cutOffSeconds = 10;

/** What can go wrong from the schedule to the change log. */
export function sweepAlarms(watched: Watched): readonly AlarmRule[] {
  const { metrics, dispatch, sweep, sweepQueue } = watched;
  return [
    {
      name: 'stale-connections',
      says: 'Connections have had no complete sweep for too long: changes and leavers go unnoticed there.',
      metric: metrics.fleet('StaleConnections', 'Maximum'),
      threshold: 1,
      periods: 5,
      missing: staysAsItIs,
    },
    {
      name: 'failing-connections',
      says: "Connections fail again and again: credentials, permissions or the vendor's answers are wrong.",
      metric: metrics.fleet('FailingConnections', 'Maximum'),
      threshold: 1,
      periods: 5,
      missing: staysAsItIs,
    },
    {
      name: 'held-changes',
      says: 'Changes are held back and wait for a decision: too many at once to be believed.',
      metric: metrics.total('Held', hour),
      threshold: 1,
    },
    {
      name: 'dispatcher-not-running',
      says: 'The dispatch function has not run for five minutes: nothing is swept.',
      metric: dispatch.fn.metricInvocations({ period: minute, statistic: 'Sum' }),
      threshold: 1,
      below: true,
      periods: 5,
      missing: TreatMissingData.BREACHING,
    },
    {
      name: 'dispatch-errors',
      says: 'The dispatch function fails: connections that are due are swept late or not at all.',
      metric: dispatch.fn.metricErrors({ period: minute }),
      threshold: 1,
      periods: 5,
      breaches: 3,
    },
    {
      name: 'dispatch-duration',
      says: 'The dispatch function needs almost all of its time: it may not reach every connection that is due.',
      metric: dispatch.fn.metricDuration({ period: fiveMinutes, statistic: 'p99' }),
      threshold: dispatch.timeout.toMilliseconds() * 0.8,
      periods: 3,
    },
    {
      name: 'sweep-errors',
      says: 'The sweep function breaks off: a fault of the program, too little memory, or a tick that was cut off.',
      metric: sweep.fn.metricErrors({ period: fiveMinutes }),
      threshold: 1,
    },
    {
      name: 'sweep-duration',
      says: 'Ticks of sweeps are cut off by the time limit instead of stopping by themselves.',
      metric: sweep.fn.metricDuration({ period: fiveMinutes, statistic: 'p99' }),
      threshold: sweep.timeout.toMilliseconds() - cutOffSeconds * 1000,
    },
    {
      name: 'sweep-dead-letters',
      says: 'Requests for ticks failed again and again and were put aside.',
      metric: sweepQueue.deadLetters.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
      threshold: 1,
    },
    ...throttleAlarms(watched),
  ];
}

function throttleAlarms({ dispatch, sweep, publisher, feedTable: { table } }: Watched): readonly AlarmRule[] {
  const functions: readonly FeedFunction[] = [dispatch, sweep, publisher.feedFunction];
  const ofFunctions = functions.map(({ fn }) => fn.metricThrottles({ period: fiveMinutes }));
  const ofTable = ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
    table.metric(name, { period: fiveMinutes, statistic: 'Sum' }),
  );
  return [
    {
      name: 'function-throttles',
      says: "Lambda refuses to run functions: the account's limit of concurrent executions is reached.",
      metric: sumOf(ofFunctions, 'refused', fiveMinutes),
      threshold: 1,
      periods: 3,
    },
    {
      name: 'table-throttles',
      says: 'DynamoDB refuses reads or writes: the table gets more than it has grown to.',
      metric: sumOf(ofTable, 'refused', fiveMinutes),
      threshold: 1,
      periods: 3,
    },
  ];
}

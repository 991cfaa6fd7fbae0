import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './alarm-rule.ts';
import type { FleetMetric, VendorMetric } from './feed-metrics.ts';

export type FeedDashboardProps = {
  readonly dashboardName: string;
  readonly watched: Watched;
  readonly alarms: readonly Alarm[];
};

const third = 8;
const height = 6;
const day = Duration.days(1);

/** What an operator wants to know, question by question, from the top. */
export class FeedDashboard extends Construct {
  readonly dashboard: Dashboard;
  readonly #watched: Watched;

  constructor(scope: Construct, id: string, { dashboardName, watched, alarms }: FeedDashboardProps) {
    super(scope, id);
    this.#watched = watched;
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName,
      defaultInterval: day,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
        [question('Is every connection fresh?')],
        this.#freshness(),
        [question('What changed today?')],
        this.#changes(),
        [question('What is held?')],
        this.#holds(),
        [question('What is failing and why?')],
        this.#failures(),
        [question('Is everything published?')],
        this.#publishing(),
      ],
    });
  }

  #freshness(): IWidget[] {
    return [
      this.#now('Connections now', ['StaleConnections', 'FailingConnections', 'DueConnections']),
      this.#gauge('Age of the oldest complete sweep (s)', 'OldestCompleteSweepSeconds'),
      graph('Complete sweeps', this.#watched.metrics.sweeps('complete')),
    ];
  }

  #changes(): IWidget[] {
    const kinds = ['Created', 'Updated', 'StatusChanged', 'Deleted'] as const;
    const { metrics } = this.#watched;
    return [
      new SingleValueWidget({
        title: 'Changes today',
        metrics: kinds.map((kind) => metrics.total(kind, day)),
        fullPrecision: true,
        width: third,
        height,
      }),
      graph(
        'Changes',
        kinds.map((kind) => metrics.total(kind)),
        true,
      ),
      this.#ofVendors('Users seen', 'UsersSeen', 'Sum'),
    ];
  }

  #holds(): IWidget[] {
    return [
      this.#ofVendors('Users held back', 'Held', 'Sum'),
      this.#logs('Newest holds', 16, [
        'filter ispresent(message) and outcome = "held"',
        'fields counts.held as held',
        'sort @timestamp desc',
        'dedup connectionId',
        'display @timestamp, connectionId, vendor, held, sweepId',
      ]),
    ];
  }

  #failures(): IWidget[] {
    const { dispatch, sweep, publisher, sweepQueue } = this.#watched;
    const functions = [dispatch, sweep, publisher.feedFunction];
    return [
      this.#logs('Newest failing connections', 16, [
        'filter ispresent(message) and outcome in ["failed", "incomplete"]',
        'fields coalesce(failureCode, fault.code, deniedBy.0, fault.name) as code',
        'sort @timestamp desc',
        'dedup connectionId',
        'display @timestamp, connectionId, vendor, outcome, code, sweepId',
      ]),
      graph('Dead letters and errors of functions', [
        sweepQueue.deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
        ...functions.map(({ fn }) => fn.metricErrors({ label: fn.node.id })),
      ]),
      this.#ofVendors("Vendors' latency (ms, p90)", 'VendorLatencyMs', 'p90'),
      this.#ofVendors('Vendors ask to slow down (429)', 'VendorThrottled', 'Sum'),
      this.#ofVendors("Vendors' faults (5xx)", 'VendorServerErrors', 'Sum'),
    ];
  }

  #publishing(): IWidget[] {
    const { metrics, publisher } = this.#watched;
    return [
      this.#now('Publishing now', ['UnpublishedAgeSeconds', 'PublishFailures', 'BusMissing']),
      graph('From observed to published (ms)', [
        metrics.fleet('PublishLagMs', 'p50', Duration.minutes(5)),
        metrics.fleet('PublishLagMs', 'p99', Duration.minutes(5)),
      ]),
      graph('Behind the stream (ms)', [publisher.feedFunction.fn.metric('IteratorAge', { statistic: 'Maximum' })]),
    ];
  }

  #now(title: string, names: readonly FleetMetric[]): IWidget {
    const metrics = names.map((name) => this.#watched.metrics.fleet(name, 'Maximum'));
    return new SingleValueWidget({ title, metrics, width: third, height });
  }

  #gauge(title: string, name: FleetMetric): IWidget {
    return graph(title, [this.#watched.metrics.fleet(name, 'Maximum')]);
  }

  #ofVendors(title: string, name: VendorMetric, statistic: string): IWidget {
    return graph(title, this.#watched.metrics.ofVendors(name, statistic));
  }

  #logs(title: string, width: number, queryLines: string[]): IWidget {
    const logGroupNames = [this.#watched.sweep.logGroup.logGroupName];
    return new LogQueryWidget({
      title,
      logGroupNames,
      queryLines: [...queryLines, 'limit 20'],
      view: LogQueryVisualizationType.TABLE,
      width,
      height,
    });
  }
}

function question(text: string): IWidget {
  return new TextWidget({ markdown: `# ${text}`, width: 24, height: 1 });
}

function graph(title: string, left: readonly IMetric[], stacked = false): IWidget {
  return new GraphWidget({ title, left: [...left], stacked, width: third, height, leftYAxis: { min: 0 } });
}

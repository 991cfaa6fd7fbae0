import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createFeedMetrics as createWriter, type MetricName } from '../../functions/feed-metrics.ts';
import { FeedAlarms } from '../../infra/feed-alarms.ts';
import { FeedDashboard } from '../../infra/feed-dashboard.ts';
import { createFeedMetrics, type FleetMetric, type VendorMetric } from '../../infra/feed-metrics.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { type Resource, synthesise } from './synthesised.ts';

const plain = synthesise();
const mailed = synthesise({ stackName: 'people', alarmEmail: 'ops@example.com' });
const topicArn = 'arn:aws:sns:eu-central-1:123456789012:ops';
const topical = synthesise({ alarmTopicArn: topicArn });
const alarms = Object.values(plain.ofType('AWS::CloudWatch::Alarm'));
const page = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');

/** The sections of the page that an alarm can name, by their titles. */
const sections = new Map(
  (/^## Alarms\n(.*?)^## /ms.exec(page)?.[1] ?? '')
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', section]),
);

function alarm(name: string): Resource['Properties'] {
  return alarms.find(({ Properties }) => Properties.AlarmName === `user-change-feed-${name}`)?.Properties;
}

/** Metrics of an alarm or widget that the functions write themselves: name and dimensions. */
function ownMetricsOf(text: string): readonly { readonly name: string; readonly dimensions: readonly string[] }[] {
  const found = text.matchAll(/\["UserChangeFeed","(\w+)"((?:,"[\w-]+")*)/g);
  return Array.from(found, ([, name = '', rest = '']) => ({
    name,
    dimensions: rest
      .split(',')
      .filter((part, at) => part !== '' && at % 2 === 1)
      .map((part) => part.replaceAll('"', '')),
  }));
}

function dashboardText(): string {
  const { DashboardBody } = plain.only('AWS::CloudWatch::Dashboard').Properties;
  return DashboardBody['Fn::Join'][1]
    .map((part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join('');
}

describe(FeedAlarms, () => {
  it('has one for each way to fail', () => {
    expect(
      alarms.map(({ Properties }) => Properties.AlarmName.replace('user-change-feed-', '')).toSorted(),
    ).toStrictEqual([
      'bus-missing',
      'dispatch-duration',
      'dispatch-errors',
      'dispatcher-not-running',
      'failed-batches',
      'failing-connections',
      'function-throttles',
      'held-changes',
      'publish-duration',
      'publish-errors',
      'publish-failures',
      'publish-iterator-age',
      'stale-connections',
      'sweep-dead-letters',
      'sweep-duration',
      'sweep-errors',
      'table-throttles',
      'unpublished-events',
    ]);
  });

  it('names for each alarm its section of the page, and the page has no other', () => {
    const named = alarms.map(
      ({ Properties }) => /docs\/operating\.md#([\w-]+)$/.exec(Properties.AlarmDescription)?.[1],
    );

    expect(named.toSorted()).toStrictEqual([...sections.keys()].toSorted());
    for (const { Properties } of alarms)
      expect(Properties.AlarmDescription).toContain(`#${Properties.AlarmName.slice(17)}`);
  });

  it.each([...sections])('says of %s what shows, what it means, what to do, and a command', (_, section) => {
    for (const part of ['**Symptom.**', '**Meaning.**', '**What to do.**', '```sh\n']) expect(section).toContain(part);
  });

  it('rings when the dispatcher leaves no trace, while for counts no trace is all well', () => {
    expect(alarm('dispatcher-not-running')).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      MetricName: 'Invocations',
      Threshold: 1,
    });
    expect(alarm('sweep-errors').TreatMissingData).toBe('notBreaching');
  });

  it('rings at the first dead letter, failed batch, held change and missing bus', () => {
    for (const name of ['sweep-dead-letters', 'failed-batches', 'held-changes', 'bus-missing'])
      expect(alarm(name)).toMatchObject({ Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
  });

  it('rings long before the stream forgets, and before a function is cut off', () => {
    expect(alarm('publish-iterator-age').Threshold).toBeLessThan(3_600_000);
    for (const name of ['dispatch', 'sweep', 'publish'])
      expect(alarm(`${name}-duration`).Threshold).toBeLessThan(plain.functionOf(name).Properties.Timeout * 1000);
    // A tick stops by itself half a minute before its end: that is no reason to ring.
    expect(alarm('sweep-duration').Threshold).toBeGreaterThan(870_000);
  });

  it('watches what failed batches Lambda puts aside, and what it loses', () => {
    const counted = alarm('failed-batches').Metrics.flatMap(
      (one: Resource['Properties']) => one.MetricStat?.Metric ?? [],
    );

    expect(counted.map(({ MetricName }: { MetricName: string }) => MetricName)).toStrictEqual([
      'OnFailureDestinationDeliveredEventCount',
      'DroppedEventCount',
    ]);
  });

  it('leaves out the alarms over several metrics for emulators that lack them, and no others', () => {
    const left = Object.values(synthesise({ withoutMathAlarms: true }).ofType('AWS::CloudWatch::Alarm'));
    const math = alarms.filter(({ Properties }) => Properties.Metrics !== undefined);

    expect(math.length).toBeGreaterThan(0);
    expect(left).toHaveLength(alarms.length - math.length);
  });

  it('tells an address by a topic of its own, and a topic that is named', () => {
    const told = (of: typeof mailed) => Object.values(of.ofType('AWS::CloudWatch::Alarm'));
    const [topicId] = Object.keys(mailed.ofType('AWS::SNS::Topic'));

    mailed.template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
    for (const { Properties } of told(mailed)) expect(Properties.AlarmActions).toStrictEqual([{ Ref: topicId }]);
    for (const { Properties } of told(topical)) expect(Properties.AlarmActions).toStrictEqual([topicArn]);
    for (const { Properties } of told(topical)) expect(Properties.OKActions).toStrictEqual([topicArn]);
    topical.template.resourceCountIs('AWS::SNS::Topic', 0);
  });
});

describe(FeedDashboard, () => {
  it('asks five questions, in the order in which an operator has them', () => {
    expect(Array.from(dashboardText().matchAll(/"markdown":"# ([^"]+)"/g), ([, text]) => text)).toStrictEqual([
      'Is every connection fresh?',
      'What changed today?',
      'What is held?',
      'What is failing and why?',
      'Is everything published?',
    ]);
  });

  it('lists the newest failing connections, with the code, from the sweep log', () => {
    expect(dashboardText()).toMatch(
      /SOURCE '\{"Ref":"SweeperSweepLogs\w+"\}'.*failureCode.* as code.*dedup connectionId/,
    );
  });

  it('shows every alarm', () => {
    const shown = dashboardText().match(/\{"Fn::GetAtt":\["Alarms\w+","Arn"\]\}/g);

    expect(new Set(shown).size).toBe(alarms.length);
  });
});

describe(createFeedMetrics, () => {
  it('reads only what functions write, under the dimensions under which they write it', () => {
    // That every name is one of theirs is for the compiler to see.
    const names = (read: readonly (FleetMetric | VendorMetric)[]): readonly MetricName[] => read;
    expect(names(['Held'])).toStrictEqual(['Held']);

    const lines: string[] = [];
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    const writer = createWriter();
    writer.record({ Held: 1 }, { vendor: 'leen' });
    writer.record({ BusMissing: 0 });
    vi.restoreAllMocks();
    const [ofVendor, ofFleet] = lines.map((line) => JSON.parse(line)._aws.CloudWatchMetrics[0]);
    const read = ownMetricsOf(dashboardText());

    expect([ofVendor.Namespace, ofFleet.Namespace]).toStrictEqual(['UserChangeFeed', 'UserChangeFeed']);
    expect(read.find(({ name }) => name === 'Held')?.dimensions).toStrictEqual(ofVendor.Dimensions[0]);
    expect(read.find(({ name }) => name === 'BusMissing')?.dimensions).toStrictEqual(ofFleet.Dimensions[0]);
    expect(read.find(({ name }) => name === 'Sweeps')?.dimensions).toStrictEqual(['outcome', 'vendor']);
  });

  it('adds up every vendor of the registry, and keeps two feeds of an account apart', () => {
    const counted = alarm('held-changes').Metrics.flatMap(
      (one: Resource['Properties']) => one.MetricStat?.Metric ?? [],
    );
    const others = Object.values(mailed.ofType('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.Namespace);

    expect(counted.map(({ Dimensions }: { Dimensions: { Value: string }[] }) => Dimensions[0]?.Value)).toStrictEqual(
      vendors.map(({ id }) => id),
    );
    expect(others).toContain('UserChangeFeed/people');
    expect(others).not.toContain('UserChangeFeed');
  });
});

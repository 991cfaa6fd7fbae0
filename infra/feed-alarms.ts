import { Annotations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AlarmRule, Watched } from './alarm-rule.ts';
import { publishAlarms } from './publish-alarms.ts';
import type { FeedSettings } from './settings.ts';
import { sweepAlarms } from './sweep-alarms.ts';

export type FeedAlarmsProps = Pick<FeedSettings, 'stackName' | 'alarmTopicArn' | 'alarmEmail' | 'withoutMathAlarms'> & {
  readonly watched: Watched;
};

/** One alarm for each way to fail. Its description names its section in docs/operating.md. */
export class FeedAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: FeedAlarmsProps) {
    super(scope, id);
    const action = this.#createAction(props);
    const rules = [...sweepAlarms(props.watched), ...publishAlarms(props.watched)];
    const possible = rules.filter(({ metric }) => !props.withoutMathAlarms || metric instanceof Metric);
    this.alarms = possible.map((rule) => {
      const alarm = this.#createAlarm(`${props.stackName}-${rule.name}`, rule);
      if (action === undefined) return alarm;
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }

  #createAlarm(alarmName: string, rule: AlarmRule): Alarm {
    const { name, says, metric, threshold, below = false, periods = 1, breaches = periods } = rule;
    return new Alarm(this, name, {
      alarmName,
      alarmDescription: `${says} What to do: docs/operating.md#${name}`,
      metric,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: breaches,
      treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
    });
  }

  /** Where alarms go: the topic that was named, or one of the stack's own with an address as its subscriber. */
  #createAction({ alarmTopicArn, alarmEmail }: FeedAlarmsProps): IAlarmAction | undefined {
    if (alarmTopicArn !== undefined) return new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
    if (alarmEmail !== undefined) {
      const topic = new Topic(this, 'OwnTopic', { displayName: 'User change feed alarms', enforceSSL: true });
      topic.addSubscription(new EmailSubscription(alarmEmail));
      return new SnsAction(topic);
    }
    const advice = 'nobody is told of alarms: set alarmEmail or alarmTopicArn';
    Annotations.of(this).addWarningV2('user-change-feed:alarms-without-receiver', advice);
    return undefined;
  }
}

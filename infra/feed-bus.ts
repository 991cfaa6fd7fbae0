import { Duration, Stack } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, AnyPrincipal, Effect, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { eventSource } from '../src/events/feed-event.ts';
import type { FeedSettings } from './settings.ts';

export type FeedBusProps = Pick<FeedSettings, 'archiveDays' | 'busKeyArn'> & {
  readonly busName: string;
  /** Accounts that may subscribe with rules of their own. */
  readonly accounts: readonly string[];
  /** An organization whose accounts may. @default none */
  readonly organization?: string | undefined;
};

/** What a subscriber from another account may do: rules of its own on this bus, and nothing with those of others. */
const ruleActions = [
  'events:PutRule',
  'events:DeleteRule',
  'events:DescribeRule',
  'events:DisableRule',
  'events:EnableRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:ListTargetsByRule',
  'events:TagResource',
];

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's, not of this program
const ownAccount = '${aws:PrincipalAccount}';

/** A bus that the feed publishes to, with an archive from which events can be replayed, and who may subscribe. */
export class FeedBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: FeedBusProps) {
    super(scope, id);
    const { busName, archiveDays, busKeyArn, accounts, organization } = props;
    const key = busKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', busKeyArn);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: busName,
      description: 'Created, changed and deleted users, as the user change feed publishes them',
      ...(key && { kmsKey: key }),
    });
    if (archiveDays > 0) {
      new Archive(this, 'Archive', {
        sourceEventBus: this.bus,
        description: `Everything on ${busName}, to be replayed to one consumer`,
        eventPattern: { source: [eventSource] },
        retention: Duration.days(archiveDays),
        ...(key && { kmsKey: key }),
      });
    }
    if (accounts.length > 0) {
      const principals = accounts.map((account) => new AccountPrincipal(account));
      this.bus.addToResourcePolicy(this.#allowRules('AccountsSubscribe', principals, {}));
    }
    if (organization !== undefined) {
      const inside = { StringEquals: { 'aws:PrincipalOrgID': organization } };
      this.bus.addToResourcePolicy(this.#allowRules('OrganizationSubscribes', [new AnyPrincipal()], inside));
    }
  }

  /** Source: docs.aws.amazon.com/eventbridge, "Permissions for event buses": the creator's account guards its rules. */
  #allowRules(sid: string, principals: IPrincipal[], conditions: Record<string, Record<string, string>>) {
    const rules = { service: 'events', resource: 'rule', resourceName: `${this.bus.eventBusName}/*` };
    return new PolicyStatement({
      sid,
      effect: Effect.ALLOW,
      principals,
      actions: ruleActions,
      resources: [Stack.of(this).formatArn(rules)],
      conditions: { ...conditions, StringEqualsIfExists: { 'events:creatorAccount': ownAccount } },
    });
  }
}

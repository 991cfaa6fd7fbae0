import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledge } from '../../infra/acknowledge.ts';
import { featureFlags } from '../../infra/feature-flags.ts';
import { FeedBus } from '../../infra/feed-bus.ts';
import { UserChangeConsumerTable } from '../../infra/user-change-consumer-table.ts';
import { UserChangeSubscription } from '../../infra/user-change-subscription.ts';
import { actionsOf, type Statement } from './synthesised.ts';

const env = { account: '111122223333', region: 'eu-central-1' };
const feedBusArn = 'arn:aws:events:eu-central-1:123456789012:event-bus/user-change-feed';

/** A stack of a consumer, and its template once it is filled. */
function consumerStack(fill: (stack: Stack) => unknown): Template {
  const stack = new Stack(new App({ context: featureFlags }), 'Consumer', { env });
  fill(stack);
  return templateOf(stack);
}

/** Without the checks that a test of their own makes. */
function templateOf(stack: Stack): Template {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  const template = Template.fromStack(stack);
  process.env.CDK_VALIDATION = before;
  return template;
}

function aFunction(stack: Stack, timeout?: Duration): LambdaFunction {
  return new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('export const handler = async () => ({ batchItemFailures: [] });'),
    ...(timeout && { timeout }),
  });
}

const subscribed = (props: object = {}) =>
  consumerStack((stack) => new UserChangeSubscription(stack, 'Leavers', { bus: 'user-change-feed', ...props }));

/** What roles may do, one line an action. */
function rightsIn(template: Template): readonly string[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    (Properties.PolicyDocument.Statement as readonly Statement[]).flatMap((statement) => {
      const [name] = (statement.Resource as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
      return actionsOf(statement).map((action) => `${action} ${name?.replace(/[0-9A-F]{8}$/, '')}`);
    }),
  );
}

describe(UserChangeSubscription, () => {
  it('puts what the filter asks for into an encrypted queue of its own', () => {
    const template = subscribed({ filter: { types: ['user.deleted'], vendors: ['leen'] } });

    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'user-change-feed',
      EventPattern: {
        source: ['user-change-feed'],
        'detail-type': ['user.deleted'],
        detail: { metadata: { vendor: ['leen'] } },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('LeaversQueue'), 'Arn'] } })],
    });
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  it('asks without a filter for everything, events about connections as well', () => {
    subscribed().hasResourceProperties('AWS::Events::Rule', { EventPattern: { source: ['user-change-feed'] } });
  });

  it('keeps for fourteen days what could not be delivered or was given out ten times', () => {
    const template = subscribed();
    const deadLetters = { 'Fn::GetAtt': [Match.stringLikeRegexp('LeaversDeadLetters'), 'Arn'] };

    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: deadLetters, maxReceiveCount: 10 },
      MessageRetentionPeriod: 4 * 24 * 3600,
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: Match.absent(),
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: deadLetters } })],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [
        { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'QueueName'] } },
      ],
    });
  });

  it('lets nobody but its rule send to either queue, and nobody without TLS', () => {
    const policies = Object.values(subscribed().findResources('AWS::SQS::QueuePolicy'));
    const allowed = policies.flatMap(({ Properties }) =>
      (Properties.PolicyDocument.Statement as readonly Statement[]).filter(({ Effect }) => Effect === 'Allow'),
    );

    expect(policies).toHaveLength(2);
    expect(allowed).toHaveLength(2);
    for (const statement of allowed)
      expect(statement).toMatchObject({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [expect.stringMatching('LeaversRule'), 'Arn'] } } },
      });
    for (const { Properties } of policies)
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
  });

  it('gives the messages to a function, fails them one by one, and lets the function take messages only', () => {
    const template = consumerStack((stack) => {
      const handler = aFunction(stack, Duration.seconds(30));
      new UserChangeSubscription(stack, 'Leavers', { bus: feedBusArn, handler, maxConcurrency: 7 });
    });

    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 7 },
      BatchSize: 10,
    });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 180 });
    expect(rightsIn(template).toSorted()).toStrictEqual([
      'sqs:ChangeMessageVisibility LeaversQueue',
      'sqs:DeleteMessage LeaversQueue',
      'sqs:GetQueueAttributes LeaversQueue',
      'sqs:GetQueueUrl LeaversQueue',
      'sqs:ReceiveMessage LeaversQueue',
    ]);
  });

  it('makes its rule on the bus of another account, by the ARN, with queue and targets in its own', () => {
    const template = subscribed({ bus: feedBusArn });

    template.hasResourceProperties('AWS::Events::Rule', { EventBusName: feedBusArn });
    expect(JSON.stringify(template.toJSON())).not.toContain('123456789012:rule');
  });

  it('needs no more of the other account than the feed lets its subscribers do', () => {
    const feed = new Stack(new App({ context: featureFlags }), 'Feed', { env: { ...env, account: '123456789012' } });
    new FeedBus(feed, 'Bus', {
      busName: 'user-change-feed',
      archiveDays: 0,
      accounts: [env.account],
    });
    const [policy] = Object.values(templateOf(feed).findResources('AWS::Events::EventBusPolicy'));
    const { Statement: statement } = policy?.Properties ?? {};

    expect(statement.Action).toStrictEqual(
      expect.arrayContaining(['events:PutRule', 'events:PutTargets', 'events:DeleteRule', 'events:RemoveTargets']),
    );
    expect(JSON.stringify(statement.Principal)).toContain(env.account);
    expect(JSON.stringify(statement.Resource)).toContain('rule/');
  });

  it('names a bus by its ARN, also where CDK would name it and lose its account', () => {
    const template = consumerStack((stack) => {
      new UserChangeSubscription(stack, 'All', { bus: EventBus.fromEventBusArn(stack, 'Feed', feedBusArn) });
      new UserChangeSubscription(stack, 'AllOfOwn', { bus: new EventBus(stack, 'Own') });
    });
    const rules = Object.values(template.findResources('AWS::Events::Rule'));

    expect(rules.map(({ Properties }) => Properties.EventBusName)).toStrictEqual([
      feedBusArn,
      { 'Fn::GetAtt': [expect.stringMatching('Own'), 'Arn'] },
    ]);
  });

  it('makes a key of your own serve EventBridge', () => {
    const template = consumerStack((stack) => {
      const encryptionKey = new Key(stack, 'Key');
      new UserChangeSubscription(stack, 'Leavers', { bus: feedBusArn, encryptionKey });
    });

    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKey*']),
          }),
        ]),
      },
    });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  });

  it('refuses a filter that no event can match, before anything is deployed', () => {
    const wrong = { types: ['user.deleted'], vendors: [] } as never;

    expect(() => subscribed({ filter: wrong })).toThrow('filter.vendors');
  });

  it('passes cdk-nag, with a function and a table', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'subscription-'));
    const app = new App({ context: featureFlags, outdir });
    const stack = new Stack(app, 'Consumer', { env });
    const handler = aFunction(stack);
    new UserChangeSubscription(stack, 'Leavers', { bus: feedBusArn, handler });
    new UserChangeConsumerTable(stack, 'Known').allow(handler);
    acknowledge(
      handler,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      "The function is the test's own.",
    );
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    expect(() => app.synth()).not.toThrow();
    rmSync(outdir, { recursive: true });
  });
});

describe(UserChangeConsumerTable, () => {
  it('keeps the table, can restore it, and lets the function do what the consumer does and no more', () => {
    const template = consumerStack((stack) => new UserChangeConsumerTable(stack, 'Known').allow(aFunction(stack)));

    template.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { CONSUMER_TABLE: { Ref: Match.stringLikeRegexp('KnownTable') } } },
    });
    expect(rightsIn(template).toSorted()).toStrictEqual([
      'dynamodb:GetItem KnownTable',
      'dynamodb:PutItem KnownTable',
      'dynamodb:UpdateItem KnownTable',
    ]);
  });
});

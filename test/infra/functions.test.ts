import { describe, expect, it } from 'vitest';
import { Dispatcher } from '../../infra/dispatcher.ts';
import { FeedFunction } from '../../infra/feed-function.ts';
import { Publisher } from '../../infra/publisher.ts';
import { Sweeper } from '../../infra/sweeper.ts';
import { UserChangeFeedStack } from '../../infra/user-change-feed-stack.ts';
import { logPrefix } from '../../src/store/keys.ts';
import { holdsEventsMark } from '../../src/store/log-store.ts';
import { actionsOf, synthesise } from './synthesised.ts';

const key = 'arn:aws:kms:eu-central-1:123456789012:key/00000000-aaaa-bbbb-cccc-111111111111';
const env = { account: '123456789012', region: 'eu-central-1' };
const plain = synthesise({ env });
const rich = synthesise({
  env,
  stackName: 'people',
  secretsPrefix: 'teams/people',
  logLevel: 'DEBUG',
  logRetentionDays: 90,
  sweepConcurrency: 50,
  sweepMemoryMb: 1024,
  tableKeyArn: key,
  secretsKeyArn: `${key}2`,
});
const names = ['dispatch', 'sweep', 'publish'] as const;

/** What a role may do, and with what: one line for each action. */
function rightsOf(name: string, { statementsOf } = plain): readonly string[] {
  const lines = statementsOf(name).flatMap((statement) =>
    [statement.Resource]
      .flat()
      .flatMap((resource) => actionsOf(statement).map((action) => `${action} ${show(resource)}`)),
  );
  return lines.toSorted();
}

/** A resource without the stack's own digits. */
function show(resource: unknown): string {
  if (typeof resource === 'string') return resource.replace('arn:aws:', '').replace('eu-central-1:123456789012', '');
  const { 'Fn::GetAtt': attribute, 'Fn::Join': join, Ref } = resource as Record<string, never[]>;
  if (attribute !== undefined) return String(attribute.join('.')).replaceAll(/[0-9A-F]{8}(?=\.)/g, '');
  if (join !== undefined) return (join[1] as unknown as unknown[]).map(show).join('');
  return String(Ref).replace(/[0-9A-F]{8}$/, '');
}

const ofEveryFunction = (name: string) => {
  const [construct, own] = { dispatch: ['Dispatcher', 'Dispatch'], sweep: ['Sweeper', 'Sweep'] }[name] ?? [
    'Publisher',
    'Publish',
  ];
  return [
    `logs:CreateLogStream ${construct}${own}Logs.Arn`,
    `logs:PutLogEvents ${construct}${own}Logs.Arn`,
    'xray:PutTelemetryRecords *',
    'xray:PutTraceSegments *',
    'events:DescribeEventBus BusesFeedBus.Arn',
    'events:PutEvents BusesFeedBus.Arn',
  ];
};

describe(FeedFunction, () => {
  it.each(names)('runs %s on Node.js 24 and arm64, traced, with logs in JSON', (name) => {
    expect(plain.functionOf(name).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: { Ref: expect.any(String) } },
    });
  });

  it('keeps logs as long as set, and no longer than the stack', () => {
    for (const [synthesised, days] of [
      [plain, 30],
      [rich, 90],
    ] as const) {
      const groups = Object.values(synthesised.ofType('AWS::Logs::LogGroup'));
      expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toStrictEqual([days, days, days]);
      expect(groups.map(({ DeletionPolicy }) => DeletionPolicy)).toStrictEqual(['Delete', 'Delete', 'Delete']);
    }
  });

  it.each(names)('tells %s names and levels, and no secret', (name) => {
    const { Variables } = plain.functionOf(name).Properties.Environment;
    const queue = name === 'publish' ? [] : ['SWEEP_QUEUE_URL'];

    expect(Object.keys(Variables).toSorted()).toStrictEqual(
      [
        'BUS_NAME',
        'EPOCH_PARAMETER',
        'LOG_LEVEL',
        'NODE_OPTIONS',
        'POWERTOOLS_METRICS_NAMESPACE',
        'POWERTOOLS_SERVICE_NAME',
        'SECRETS_PREFIX',
        'TABLE_NAME',
        ...queue,
      ].toSorted(),
    );
    expect(Variables).toMatchObject({
      NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=16',
      POWERTOOLS_METRICS_NAMESPACE: 'UserChangeFeed',
      SECRETS_PREFIX: 'user-change-feed',
    });
  });

  it('takes its settings from the stack', () => {
    expect(rich.functionOf('sweep').Properties).toMatchObject({
      MemorySize: 1024,
      LoggingConfig: { ApplicationLogLevel: 'DEBUG' },
      Environment: {
        Variables: {
          SECRETS_PREFIX: 'teams/people',
          LOG_LEVEL: 'DEBUG',
          POWERTOOLS_METRICS_NAMESPACE: 'UserChangeFeed/people',
        },
      },
    });
  });
});

describe(Dispatcher, () => {
  it('runs every minute, is over before the next, and a missed minute is not made up for later', () => {
    const { Properties } = plain.only('AWS::Scheduler::Schedule');

    expect(Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(Properties.Target.RetryPolicy).toStrictEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 });
    expect(plain.functionOf('dispatch').Properties.Timeout).toBeLessThan(60);
  });

  it('has exactly the rights it needs', () => {
    expect(rightsOf('dispatch')).toStrictEqual(
      [
        ...ofEveryFunction('dispatch'),
        ...['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
          (action) => `dynamodb:${action} FeedTable.Arn`,
        ),
        'dynamodb:Query FeedTable.Arn/index/due',
        'dynamodb:Query FeedTable.Arn/index/watch',
        'dynamodb:DescribeTable FeedTable.Arn',
        'sqs:SendMessage SweepsQueue.Arn',
        'ssm:GetParameter ssm::parameter/Epoch',
        'ssm:PutParameter ssm::parameter/Epoch',
      ].toSorted(),
    );
  });
});

describe(Sweeper, () => {
  it('takes one message at a time, tells which failed, and as many at once as set', () => {
    for (const [synthesised, MaximumConcurrency] of [
      [plain, 20],
      [rich, 50],
    ] as const) {
      synthesised.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency },
      });
    }
  });

  it('has a quarter of an hour, and may ask itself for the next tick as often as it takes', () => {
    expect(plain.functionOf('sweep').Properties).toMatchObject({
      Timeout: 900,
      MemorySize: 512,
      RecursiveLoop: 'Allow',
    });
    expect(plain.functionOf('publish').Properties.RecursiveLoop).toBe('Terminate');
  });

  it('has exactly the rights it needs, and reads secrets below the prefix only', () => {
    expect(rightsOf('sweep')).toStrictEqual(
      [
        ...ofEveryFunction('sweep'),
        ...['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map(
          (action) => `dynamodb:${action} FeedTable.Arn`,
        ),
        ...['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
          (action) => `sqs:${action} SweepsQueue.Arn`,
        ),
        'dynamodb:DescribeTable FeedTable.Arn',
        'ssm:GetParameter ssm::parameter/Epoch',
        'ssm:GetParameter ssm::parameter/user-change-feed/*',
        'secretsmanager:GetSecretValue secretsmanager::secret:user-change-feed/*',
      ].toSorted(),
    );
    expect(rightsOf('sweep', rich)).toContain('secretsmanager:GetSecretValue secretsmanager::secret:teams/people/*');
  });
});

describe(Publisher, () => {
  const mapping = () =>
    Object.values(plain.ofType('AWS::Lambda::EventSourceMapping')).find(({ Properties }) => Properties.StartingPosition)
      ?.Properties;

  it('gets the inserted log batches that hold events, from the oldest on', () => {
    const [filter, ...others] = mapping().FilterCriteria.Filters;

    expect(others).toStrictEqual([]);
    expect(JSON.parse(filter.Pattern)).toStrictEqual({
      eventName: ['INSERT'],
      dynamodb: {
        Keys: { sk: { S: [{ prefix: logPrefix }] } },
        NewImage: { holdsEvents: { S: [holdsEventsMark] } },
      },
    });
    expect(mapping()).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      EventSourceArn: { 'Fn::GetAtt': ['FeedTable', 'StreamArn'] },
    });
  });

  it('gives a batch up after bounded tries, alone, and keeps its payload', () => {
    const [bucketId] = Object.keys(plain.ofType('AWS::S3::Bucket'));

    expect(mapping()).toMatchObject({
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 30,
      MaximumRecordAgeInSeconds: 6 * 3600,
      MetricsConfig: { Metrics: ['EventCount'] },
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [bucketId, 'Arn'] } } },
    });
  });

  it('has exactly the rights it needs', () => {
    expect(rightsOf('publish')).toStrictEqual(
      [
        ...ofEveryFunction('publish'),
        ...['GetItem', 'Query', 'PutItem'].map((action) => `dynamodb:${action} FeedTable.Arn`),
        ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
          (action) => `dynamodb:${action} FeedTable.StreamArn`,
        ),
        'dynamodb:ListStreams *',
        's3:PutObject PublisherFailedBatchesBucket.Arn/*',
        's3:ListBucket PublisherFailedBatchesBucket.Arn',
      ].toSorted(),
    );
  });

  it('puts failed batches into no bucket of another account', () => {
    const toBucket = plain.statementsOf('publish').filter((statement) => actionsOf(statement)[0]?.startsWith('s3:'));

    expect(toBucket).toHaveLength(2);
    for (const { Condition } of toBucket)
      expect(Condition).toStrictEqual({ StringEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } });
  });
});

describe(UserChangeFeedStack, () => {
  it.each(names)("gives %s the use of one's own keys, and of no key where there is none", (name) => {
    const keys = (rights: readonly string[]) => rights.filter((right) => right.startsWith('kms:'));
    const ofTable = [`kms:Decrypt ${show(key)}`, `kms:DescribeKey ${show(key)}`];
    const ofSecrets = name === 'sweep' ? [`kms:Decrypt ${show(key)}2`] : [];

    expect(keys(rightsOf(name))).toStrictEqual([]);
    expect(keys(rightsOf(name, rich))).toStrictEqual([...ofTable, ...ofSecrets].toSorted());
  });

  it('lets the scheduler call the dispatch function and no other, and only for this account', () => {
    const { RoleArn, Arn } = plain.only('AWS::Scheduler::Schedule').Properties.Target;
    const roleId = RoleArn['Fn::GetAtt'][0];
    const [policy] = Object.values(plain.ofType('AWS::IAM::Policy')).filter(
      ({ Properties }) => Properties.Roles[0].Ref === roleId,
    );

    expect(policy?.Properties.PolicyDocument.Statement).toStrictEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: Arn },
    ]);
    expect(
      plain.ofType('AWS::IAM::Role')[roleId]?.Properties.AssumeRolePolicyDocument.Statement[0].Condition,
    ).toStrictEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
  });

  it('refuses plain http to vendors for a real account and for an unknown one', () => {
    const allowLoopbackVendors = true;

    expect(() => synthesise({ env, allowLoopbackVendors })).toThrow('for account 123456789012; leave it out');
    expect(() => synthesise({ allowLoopbackVendors })).toThrow('for an unknown account; leave it out');
  });

  it('allows it for an emulator, and tells the sweep function so', () => {
    const emulated = synthesise({ env: { ...env, account: '000000000000' }, allowLoopbackVendors: true });

    expect(emulated.functionOf('sweep').Properties.Environment.Variables.ALLOW_LOOPBACK_VENDORS).toBe('true');
  });
});

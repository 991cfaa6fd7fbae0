import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { eventSchemas } from '../../infra/event-schemas.ts';
import { FailedBatches } from '../../infra/failed-batches.ts';
import { FeedBuses } from '../../infra/feed-buses.ts';
import { FeedTable } from '../../infra/feed-table.ts';
import { SweepQueue } from '../../infra/sweep-queue.ts';
import { eventSource, feedEventSchema } from '../../src/events/feed-event.ts';
import { tableDefinition, ttlAttribute } from '../../src/store/table.ts';
import { synthesise } from './synthesised.ts';

const key = 'arn:aws:kms:eu-central-1:123456789012:key/00000000-aaaa-bbbb-cccc-111111111111';
const plain = synthesise();
const rich = synthesise({
  env: { account: '123456789012', region: 'eu-central-1' },
  stackName: 'people',
  removal: 'destroy',
  archiveDays: 7,
  tableKeyArn: key,
  busKeyArn: key,
  busAccounts: ['111122223333', '444455556666'],
  busOrganization: 'o-a1b2c3d4e5',
  tenantBuses: { acme: ['777788889999'], globex: [] },
  sweepConcurrency: 50,
  withoutSchemas: true,
});
const table = plain.only('AWS::DynamoDB::GlobalTable');
const richTable = rich.only('AWS::DynamoDB::GlobalTable');

describe(FeedTable, () => {
  it('has the keys and indexes that the store defines', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = tableDefinition('any');

    expect(table.Properties).toMatchObject({ KeySchema, GlobalSecondaryIndexes, BillingMode });
    expect(table.Properties.AttributeDefinitions).toHaveLength(AttributeDefinitions?.length ?? 0);
    expect(GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toStrictEqual(['due', 'watch']);
  });

  it('streams what is written, forgets by the attribute of the store and can be restored', () => {
    expect(table.Properties).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    });
  });

  it('survives the stack unless told otherwise', () => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties.Replicas[0].DeletionProtectionEnabled).toBe(true);
    expect(plain.stack.terminationProtection).toBe(true);
    expect(richTable).toMatchObject({ DeletionPolicy: 'Delete' });
    expect(richTable.Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
    expect(rich.stack.terminationProtection).toBe(false);
  });

  it('is the same resource, with nothing that CloudFormation replaces, whatever is set', () => {
    const [ids, richIds] = [plain, rich].map((of) => Object.keys(of.ofType('AWS::DynamoDB::GlobalTable')));

    expect([ids, richIds]).toStrictEqual([['FeedTable'], ['FeedTable']]);
    expect(richTable.Properties.KeySchema).toStrictEqual(table.Properties.KeySchema);
    expect([table.Properties.TableName, richTable.Properties.TableName]).toStrictEqual([undefined, undefined]);
    expect(richTable.Properties.LocalSecondaryIndexes).toBe(undefined);
  });

  it("is encrypted with a key of one's own where there is one", () => {
    expect(richTable.Properties.Replicas[0].SSESpecification).toStrictEqual({ KMSMasterKeyId: key });
    expect(table.Properties.Replicas[0].SSESpecification).toBe(undefined);
  });
});

describe(FeedBuses, () => {
  it('archives what the feed publishes, for as long as set', () => {
    plain.template.hasResourceProperties('AWS::Events::Archive', {
      RetentionDays: 30,
      EventPattern: { source: [eventSource] },
    });
    rich.template.allResourcesProperties('AWS::Events::Archive', { RetentionDays: 7, KmsKeyIdentifier: key });
    rich.template.resourceCountIs('AWS::Events::Archive', 3);
  });

  it('has no archive for 0 days', () => {
    synthesise({ archiveDays: 0 }).template.resourceCountIs('AWS::Events::Archive', 0);
  });

  it('lets nobody from outside subscribe unless told so', () => {
    plain.template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });

  it('lets named accounts and an organization make rules of their own, and nothing with those of others', () => {
    const guard = { StringEqualsIfExists: { 'events:creatorAccount': `$${'{aws:PrincipalAccount}'}` } };
    const statements = Object.values(rich.ofType('AWS::Events::EventBusPolicy')).map(
      ({ Properties }) => Properties.Statement,
    );

    expect(statements.flatMap(({ Action }) => Action)).not.toContain('events:PutEvents');
    expect(statements).toHaveLength(3);
    for (const { Condition } of statements) expect(Condition).toMatchObject(guard);
    rich.template.hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
    });
  });

  it("gives a tenant a bus of its own, to which that tenant's accounts subscribe", () => {
    const names = Object.values(rich.ofType('AWS::Events::EventBus')).map(({ Properties }) => Properties.Name);
    const [tenantBusId] =
      Object.entries(rich.ofType('AWS::Events::EventBus')).find(([, bus]) => bus.Properties.Name === 'people-acme') ??
      [];

    expect(names.toSorted()).toStrictEqual(['people', 'people-acme', 'people-globex']);
    rich.template.hasResourceProperties('AWS::Events::EventBusPolicy', {
      EventBusName: { Ref: tenantBusId },
      Statement: { Principal: { AWS: 'arn:aws:iam::777788889999:root' } },
    });
    expect(rich.functionOf('publish').Properties.Environment.Variables.TENANT_BUSES).toBe(
      '{"acme":"people-acme","globex":"people-globex"}',
    );
  });

  it("is encrypted with a key of one's own where there is one", () => {
    rich.template.allResourcesProperties('AWS::Events::EventBus', { KmsKeyIdentifier: key });
  });
});

describe(eventSchemas, () => {
  it('has one for every detail type of the contract', () => {
    const types = eventSchemas().map(({ name }) => name.replace('user-change-feed@', ''));

    expect(types).toContain('user.deleted');
    expect(types).toContain('connection.changes_held');
    expect(new Set(types).size).toBe(types.length);
    for (const type of types)
      expect(feedEventSchema.safeParse({ type }).error?.issues[0]?.path).not.toStrictEqual(['type']);
  });

  it('describes the envelope and the detail of that type alone', () => {
    const created = eventSchemas().find(({ name }) => name === 'user-change-feed@user.created');
    const { components } = JSON.parse(created?.content ?? '{}');

    expect(components.schemas.AWSEvent['x-amazon-events-detail-type']).toBe('user.created');
    expect(components.schemas.Detail.required).toStrictEqual(['metadata', 'data']);
    expect(components.schemas.Detail.properties.data.required).toContain('user');
  });

  it('is left out for emulators that have no registry', () => {
    plain.template.resourceCountIs('AWS::EventSchemas::Schema', eventSchemas().length);
    rich.template.resourceCountIs('AWS::EventSchemas::Registry', 0);
  });
});

describe(SweepQueue, () => {
  it('gives a message out again after six times the function, and puts it aside after three times', () => {
    const [deadLetterId] =
      Object.entries(plain.ofType('AWS::SQS::Queue')).find(([, { Properties }]) => !Properties.RedrivePolicy) ?? [];

    plain.template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 6 * plain.functionOf('sweep').Properties.Timeout,
      RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': [deadLetterId, 'Arn'] } },
    });
    expect(plain.ofType('AWS::SQS::Queue')[deadLetterId ?? '']?.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('encrypts, and refuses plain http', () => {
    plain.template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    plain.template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe(FailedBatches, () => {
  it('keeps payloads encrypted, private, and not for ever', () => {
    plain.template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: Match.anyValue(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90, Status: 'Enabled' })] },
      },
    });
  });
});

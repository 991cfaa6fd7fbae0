import { describe, expect, it } from 'vitest';
import { UserChangeFeedStack } from '../../infra/user-change-feed-stack.ts';
import { readMarkJson } from '../../src/store/mark-json.ts';
import { synthesise } from './synthesised.ts';

const plain = synthesise();
const rich = synthesise({ stackName: 'people', removal: 'destroy', logLevel: 'DEBUG', sweepConcurrency: 50 });
const epoch = plain.only('AWS::SSM::Parameter');

describe(UserChangeFeedStack, () => {
  it('begins with the first epoch and no table', () => {
    expect(readMarkJson(JSON.parse(epoch.Properties.Value))).toStrictEqual({ epoch: 1, tables: [] });
  });

  it('never changes a property of the epoch: CloudFormation would put the first one back', () => {
    const { Tags, ...properties } = epoch.Properties;

    expect(properties).toStrictEqual({
      Type: 'String',
      Description: 'Rises when the table was restored from a backup: see docs/operating.md',
      Value: '{"epoch":1}',
    });
    expect(Tags).toStrictEqual({ feed: 'user-change-feed', project: 'user-change-feed' });
    expect(rich.only('AWS::SSM::Parameter').Properties).toStrictEqual({
      ...properties,
      Tags: { ...Tags, feed: 'people' },
    });
    expect([plain, rich].map((of) => Object.keys(of.ofType('AWS::SSM::Parameter')))).toStrictEqual([
      ['Epoch93101A7F'],
      ['Epoch93101A7F'],
    ]);
  });

  it('keeps the epoch as long as the table', () => {
    expect(epoch).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(rich.only('AWS::SSM::Parameter')).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  it('tells every function that sweeps, and every operator, where the epoch is', () => {
    const [id] = Object.keys(plain.ofType('AWS::SSM::Parameter'));

    for (const name of ['dispatch', 'sweep'])
      expect(plain.functionOf(name).Properties.Environment.Variables.EPOCH_PARAMETER).toStrictEqual({ Ref: id });
    plain.template.hasOutput('EpochParameter', { Value: { Ref: id } });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../support/builders.ts';
import { type ExaminedStack, startExaminedStack } from '../support/examined-stack.ts';
import { aHold } from '../unit/store/sample-hold.ts';
import { printed } from './ucf-story.ts';

let stack: ExaminedStack;

beforeEach(async () => {
  stack = await startExaminedStack();
});

afterEach(() => stack.close());

type Report = {
  readonly connections: number;
  readonly paused: readonly string[];
  readonly findings: readonly { kind: string; message: string; remedy: string; connectionId?: string }[];
  readonly untried: readonly string[];
};

async function examine() {
  const run = await stack.run('doctor', '--json');
  const report = printed<Report>(run);
  return { ...run, report, kinds: report.findings.map(({ kind }) => kind) };
}

describe('ucf doctor --stack', () => {
  it('finds nothing where all is well, changes nothing, and says what it did not try', async () => {
    await stack.add('acme');
    const before = await stack.items();

    const told = await stack.run('doctor');
    const { report, exitCode } = await examine();

    expect(told).toMatchObject({ exitCode: 0, stdout: 'all is well with the connection\n' });
    expect(told.stderr).toMatch(/^not tried, because that would change something: sqs:SendMessage/);
    expect([exitCode, report]).toStrictEqual([
      0,
      {
        connections: 1,
        paused: [],
        findings: [],
        untried: expect.arrayContaining([expect.stringMatching(/PutEvents/)]),
      },
    ]);
    expect([stack.account.written, await stack.items()]).toStrictEqual([[], before]);
  });

  it.each([
    ['PutItem', 'dynamodb:PutItem', 'connections apply'],
    ['UpdateItem', 'dynamodb:UpdateItem', 'resume'],
    ['DeleteItem', 'dynamodb:DeleteItem', '--restart'],
    ['DescribeTable', 'dynamodb:DescribeTable', 'restored table'],
    ['GetParameter', 'ssm:GetParameter', 'restored table'],
    ['GetQueueAttributes', 'sqs:GetQueueAttributes', 'dead letters'],
    ['DescribeEventBus', 'events:DescribeEventBus', 'redrive'],
  ])('names %s where it is denied, what needs it, and nobody', async (operation, action, use) => {
    await stack.add('acme');
    stack.account.denied.add(operation);

    const { report, exitCode, stdout, stderr } = await examine();

    const denied = report.findings.filter(({ kind }) => kind === 'missing_permission');
    expect(exitCode).toBe(1);
    expect(denied).toStrictEqual([
      {
        kind: 'missing_permission',
        message: expect.stringMatching(`^your AWS credentials may not ${action} on `),
        remedy: expect.stringContaining(use),
      },
    ]);
    expect(report.connections).toBe(1);
    expect(stdout + stderr).not.toMatch(/arn:aws:iam|user\/ada/);
  });

  it.each(['GetItem', 'BatchGetItem', 'Query'])(
    'looks at no connection where %s is denied, and says so once',
    async (operation) => {
      await stack.add('acme');
      await stack.add('globex');
      stack.account.denied.add(operation);

      const told = await stack.run('doctor');
      const { report, kinds } = await examine();

      expect(told.exitCode).toBe(1);
      expect(told.stdout.replaceAll(/\s+/g, ' ')).toContain(`dynamodb:${operation}`);
      expect(told.stderr).toMatch(/^connections were not looked at: that needs the calls named above\n/);
      expect(new Set(kinds)).toStrictEqual(new Set(['missing_permission']));
      expect(report.connections).toBe(0);
    },
  );

  it('tells a call that is not answered from one that is denied', async () => {
    stack.account.failing.set('GetQueueAttributes', 'QueueDoesNotExist');

    const { report } = await examine();

    expect(report.findings).toMatchObject([
      {
        kind: 'unanswered',
        message: expect.stringMatching(/sqs:GetQueueAttributes on .*\/dead was not answered \(QueueDoesNotExist\)/),
      },
    ]);
  });

  it('finds dead letters, missing buses, an older version, a failed deployment and a wrong clock', async () => {
    const { account } = stack;
    account.deadLetters = 3;
    account.buses.clear();
    account.outputs.TenantBuses = '{"acme":"users-of-acme"}';
    delete account.outputs.FailedBatchesBucket;
    account.status = 'UPDATE_ROLLBACK_COMPLETE';
    account.aheadMs = 3_600_000;

    const { report, exitCode, kinds } = await examine();

    expect(exitCode).toBe(1);
    expect(kinds).toStrictEqual([
      'older_version',
      'deployment_failed',
      'dead_letters',
      'bus_missing',
      'bus_missing',
      'clock_skew',
    ]);
    const said = report.findings.map(({ message }) => message).join('\n');
    expect(said).toContain('no output FailedBatchesBucket');
    expect(said).toContain('feed is in UPDATE_ROLLBACK_COMPLETE');
    expect(said).toContain('about 3 messages');
    expect(said).toMatch(/bus users does not[\s\S]*bus users-of-acme does not/);
    expect(said).toMatch(/the clock of this machine is 3\d{3} s behind that of AWS/);
  });

  it('finds a clock that is ahead even where AWS refuses every call', async () => {
    for (const operation of [
      'GetItem',
      'BatchGetItem',
      'Query',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'DescribeTable',
    ])
      stack.account.denied.add(operation);
    stack.account.aheadMs = -120_000;

    const { kinds } = await examine();

    expect(kinds).toContain('clock_skew');
  });

  it('finds a table that is not the one the feed knows, and a mark that is gone', async () => {
    stack.account.mark = '{"epoch":1,"table":"another"}';
    const restored = await examine();
    stack.account.mark = undefined;
    const gone = await examine();

    expect(restored.report.findings).toMatchObject([
      { kind: 'restored', remedy: expect.stringContaining('ucf doctor --recover') },
    ]);
    expect(gone.kinds).toStrictEqual(['mark_unreadable']);
  });

  it('finds what is wrong with each connection, and leaves paused ones alone', async () => {
    await stack.add('fine');
    await stack.add('failing', { failures: 3 });
    await stack.add('holding', { holds: [aHold('20261123T081530000Z-1f2e3d4c-deleted')] });
    await stack.add('restless', { volatility: { sweeps: 4, fields: { title: 4 } } });
    await stack.add('stale', {
      lastComplete: { sweepId: 's' as never, startedAt: at(0), directory: 'd', scope: '{}' },
    });
    await stack.add('unpublished', { position: 7, lastEvent: { position: 7 } });
    await stack.add(
      'paused',
      { lastComplete: { sweepId: 's' as never, startedAt: at(0), directory: 'd', scope: '{}' } },
      { paused: true },
    );

    const { report, exitCode } = await examine();
    const told = await stack.run('doctor');

    const found = report.findings.map(({ connectionId, kind }) => `${connectionId} ${kind}`);
    expect(exitCode).toBe(1);
    expect(found).toStrictEqual([
      'failing failing',
      'holding open_hold',
      'restless volatile_field',
      'stale stale',
      'unpublished unpublished',
    ]);
    expect(report.paused).toStrictEqual(['paused']);
    expect(told.stderr).toContain('paused, and so not looked at for staleness: paused\n');
  });
});

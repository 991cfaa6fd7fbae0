import { describe, expect, it, onTestFinished } from 'vitest';
import { type DescribedStack, startCloudFormation } from '../../support/described-stack.ts';
import { operatorEnvironment, runUcfHere } from '../../support/run-ucf-here.ts';

const outputs = {
  TableName: 'table',
  SweepQueueUrl: 'http://127.0.0.1:9/000000000000/sweeps',
  DeadLetterQueueUrl: 'http://127.0.0.1:9/000000000000/dead',
  EpochParameter: 'epoch',
  SecretsPrefix: 'ucf',
};

/** What `ucf connections list --stack feed` says where CloudFormation answers so. */
async function openWith(described: DescribedStack, env: Record<string, string | undefined> = {}) {
  const server = await startCloudFormation(() => described);
  onTestFinished(server.close);
  const all = {
    ...operatorEnvironment,
    AWS_ENDPOINT_URL_CLOUDFORMATION: server.endpoint,
    AWS_MAX_ATTEMPTS: '1',
    ...env,
  };
  const { exitCode, stderr, stdout } = await runUcfHere(['connections', 'list', '--stack', 'feed'], all);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/\n\s+at /);
  return { exitCode, stderr: stderr.trimEnd(), calls: server.calls };
}

const error = (name: string, message = 'a message of AWS that names arn:aws:iam::111122223333:user/ada') =>
  ({ error: name, message }) as const;

describe('--stack', () => {
  it('says where there is no such stack, and in which region', async () => {
    const { exitCode, stderr, calls } = await openWith(error('ValidationError', 'Stack with id feed does not exist'));

    expect([exitCode, stderr]).toStrictEqual([
      2,
      'ucf: feed: there is no such stack in eu-central-1; check the name, AWS_REGION and whose credentials these are (aws sts get-caller-identity)',
    ]);
    expect(calls.map((form) => [form.get('Action'), form.get('StackName')])).toStrictEqual([
      ['DescribeStacks', 'feed'],
    ]);
  });

  it.each([
    ['ExpiredToken', /^ucf: AWS credentials: have expired: sign in again/],
    ['RequestExpired', /^ucf: AWS credentials: have expired: sign in again/],
    ['InvalidClientTokenId', /^ucf: AWS credentials: are not accepted by AWS/],
    ['SignatureDoesNotMatch', /^ucf: AWS credentials: are not accepted by AWS/],
    ['AccessDenied', /^ucf: AWS credentials: may not describe the stack feed in eu-central-1: allow cloudform/],
    ['ValidationError', /^ucf: feed: is no name of a stack/],
  ])('says what to do about %s, and nothing that AWS says of the caller', async (name, said) => {
    const { exitCode, stderr } = await openWith(error(name));

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/arn:/);
  });

  it('says where credentials are missing, and where the region is', async () => {
    const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

    expect(await openWith({ outputs }, noKeys)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^ucf: AWS credentials: are missing: export AWS_PROFILE/),
    });
    for (const region of [undefined, '', 'eu central'])
      expect(await openWith({ outputs }, { AWS_REGION: region })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/^ucf: AWS region: is missing, or is no name of one: export AWS_REGION/),
      });
  });

  it('tells a stack of another kind or of an older version by what it lacks', async () => {
    const { SecretsPrefix: _, ...older } = outputs;

    expect(await openWith({ outputs: older })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('it has no output SecretsPrefix; check the name, or deploy it again'),
    });
    expect(await openWith({ outputs: {} })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no output TableName, SweepQueueUrl, DeadLetterQueueUrl'),
    });
  });

  it('tells a stack that is being made from one that is of another kind', async () => {
    const { exitCode, stderr } = await openWith({ status: 'CREATE_IN_PROGRESS', outputs: {} });

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/is not ready \(CREATE_IN_PROGRESS\); wait for its deployment/);
  });

  it('is no fault of usage where AWS does not answer', async () => {
    const { exitCode, stderr } = await openWith({ outputs }, { AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:1' });

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/did not answer in eu-central-1; check that the region exists/);
  });
});

describe('a command', () => {
  it('needs a feed, and exactly one', async () => {
    const none = await runUcfHere(['connections', 'list'], { UCF_STACK: '' });
    const two = await runUcfHere(['doctor', '--state', '.state', '--stack', 'feed']);

    expect([none.exitCode, two.exitCode]).toStrictEqual([2, 2]);
    expect(none.stderr).toMatch(/--state DIR .* or --stack NAME/);
    expect(two.stderr).toMatch(/name two feeds/);
  });
});

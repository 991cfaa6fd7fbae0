import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import { connectionId, userId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import { actionsOf, synthesise } from '../infra/synthesised.ts';
import { startDeployedFeed } from '../support/deployed-feed.ts';
import { aConnection } from '../unit/store/sample-log.ts';

type Name = 'dispatch' | 'sweep' | 'publish';
const synthesised = synthesise({ env: { account: '123456789012', region: 'eu-central-1' } });

/** What a function may do and with what: `dynamodb:Query FeedTable index`, `ssm:GetParameter secrets`. */
function grantsOf(name: Name): readonly string[] {
  return synthesised.statementsOf(name).flatMap((statement) =>
    [statement.Resource].flat().flatMap((resource) => {
      const text = JSON.stringify(resource);
      const kind = text.includes('/index/due')
        ? ' due'
        : text.includes('/index/watch')
          ? ' watch'
          : text.includes('parameter/user-change-feed')
            ? ' secret'
            : '';
      return actionsOf(statement).map((action) => `${action}${kind}`);
    }),
  );
}

/** Grants that no code of ours uses: the services act with the function's role. */
const byServices: { readonly [action: string]: string } = {
  'logs:CreateLogStream': 'Lambda writes what a function prints',
  'logs:PutLogEvents': 'Lambda writes what a function prints',
  'xray:PutTelemetryRecords': 'Lambda traces invocations',
  'xray:PutTraceSegments': 'Lambda traces invocations',
  'sqs:ReceiveMessage': 'the event source of the sweep queue',
  'sqs:DeleteMessage': 'the event source of the sweep queue',
  'sqs:GetQueueAttributes': 'the event source of the sweep queue',
  'dynamodb:DescribeStream': "the event source of the table's stream",
  'dynamodb:GetRecords': "the event source of the table's stream",
  'dynamodb:GetShardIterator': "the event source of the table's stream",
  'dynamodb:ListStreams': "the event source of the table's stream",
  's3:PutObject': 'Lambda puts failed batches there',
  's3:ListBucket': 'Lambda puts failed batches there',
};

/** The permission that a call needs. Source: the service authorization reference of each service. */
function permissionOf(service: string, operation: string, input: Record<string, unknown>): string {
  if (operation === 'SendMessageBatch') return 'sqs:SendMessage';
  if (operation === 'GetParameter' || operation === 'PutParameter')
    return `ssm:${operation}${String(input.Name).startsWith('/ucf/') ? ' secret' : ''}`;
  return `${service}:${operation}${input.IndexName === undefined ? '' : ` ${String(input.IndexName)}`}`;
}

const used: Record<Name, Set<string>> = { dispatch: new Set(), sweep: new Set(), publish: new Set() };

beforeAll(async () => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true);
  await playStory();
  vi.restoreAllMocks();
});

/** Everything that makes a function call AWS in a way of its own. */
async function playStory(): Promise<void> {
  let acting: Name | undefined;
  let people = Array.from({ length: 12 }, (_, n) => n + 1);
  const vendor: { status: number; clockMs: number; suffix: string } = { status: 200, clockMs: 0, suffix: '' };
  const feed = await startDeployedFeed({
    answerVendor(response) {
      feed.clock.nowMs += vendor.clockMs;
      const elements = people.map((id) => ({ _type: 'User', id, login: `u${id}${vendor.suffix}`, status: 'active' }));
      const page = {
        _type: 'Collection',
        total: people.length,
        count: people.length,
        pageSize: 200,
        offset: 1,
        _embedded: { elements },
      };
      response.writeHead(vendor.status, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    },
    answerAws: ({ operation }) => ({
      body: operation === 'GetSecretValue' ? { SecretString: 's3cret' } : { Parameter: { Value: 's3cret' } },
    }),
  });
  for (const [service, client] of Object.entries({
    dynamodb: feed.clients.table,
    events: feed.clients.bus,
    sqs: feed.clients.queue,
    ssm: feed.clients.parameters,
    secretsmanager: feed.clients.secrets,
  }))
    (client as typeof feed.clients.table).middlewareStack.add(
      (next, context) => (args) => {
        const operation = String((context as { commandName?: string }).commandName).replace(/Command$/, '');
        if (acting !== undefined)
          used[acting].add(permissionOf(service, operation, args.input as unknown as Record<string, unknown>));
        return next(args);
      },
      { step: 'initialize', name: 'watchCalls', priority: 'high' },
    );
  const as = async <T>(name: Name, act: () => Promise<T>): Promise<T> => {
    acting = name;
    return act().finally(() => {
      acting = undefined;
    });
  };
  const ids = [connectionId('acme'), connectionId('beta')] as const;
  const round = async (minutes = 16, isDelivered = true) => {
    feed.clock.nowMs += minutes * 60_000;
    await as('dispatch', feed.dispatch);
    for (let body = feed.messages.shift(); body !== undefined; body = feed.messages.shift()) {
      const sent = body;
      await as('sweep', () => feed.sweep(sent));
    }
    if (isDelivered) for (const id of ids) await as('publish', () => feed.stream.deliver(id));
  };
  const save = (id: (typeof ids)[number], secret: object) =>
    feed.store.saveConnection(
      aConnection(id, {
        baseUrl: feed.vendorUrl,
        baseline: 'emit',
        credentials: { apiKey: secret as never },
        brake: defaultBrakeRules,
      }),
      () => `key of ${id}`,
      feed.clock.nowMs,
    );
  await save(ids[0], { ssm: '/ucf/acme' });
  await save(ids[1], { secretsManager: 'ucf/beta' });
  await round();
  vendor.suffix = ' anew';
  people = people.slice(0, -2);
  await round(16, false);
  await round(16, false);
  await round();
  vendor.status = 503;
  for (let n = 0; n < 8; n += 1) await round(600);
  vendor.status = 200;
  await round(600);
  vendor.clockMs = 14 * 60_000 + 50_000;
  await round(600);
  vendor.clockMs = 0;
  await round();
  await feed.store.writeRequest({
    connectionId: ids[0],
    requestId: '1',
    at: instant(feed.clock.nowMs),
    by: 'op',
    act: 'purge_user',
    userId: userId('1'),
  });
  await feed.store.writeRequest({
    connectionId: ids[1],
    requestId: '2',
    at: instant(feed.clock.nowMs),
    by: 'op',
    act: 'remove_connection',
  });
  await round();
  await round();
  await feed.close();
}

describe.each(['dispatch', 'sweep', 'publish'] as const)('the role of %s', (name) => {
  it('allows every call that its function makes', () => {
    expect([...used[name]].filter((permission) => !grantsOf(name).includes(permission))).toStrictEqual([]);
  });

  it('allows nothing that could be taken away without a call that then fails', () => {
    expect(grantsOf(name).filter((grant) => !used[name].has(grant) && !Object.hasOwn(byServices, grant))).toStrictEqual(
      [],
    );
  });

  it('allows each of it once, so that taking it away takes it away', () => {
    const grants = grantsOf(name);

    expect(grants.filter((grant, at) => grants.indexOf(grant) !== at)).toStrictEqual([]);
  });
});

describe('the setting allowPrivateVendors', () => {
  const env = { account: '123456789012', region: 'eu-central-1' };
  const variablesOf = ({ functionOf }: typeof synthesised) => functionOf('sweep').Properties.Environment.Variables;

  it('lets sweeps reach private addresses where it is set, and ucf know; otherwise nowhere', () => {
    const open = synthesise({ env, allowPrivateVendors: true });

    expect(variablesOf(open).ALLOW_PRIVATE_VENDORS).toBe('true');
    expect(open.template.toJSON().Outputs.PrivateVendors).toMatchObject({ Value: 'true' });
    expect(variablesOf(synthesised)).not.toHaveProperty('ALLOW_PRIVATE_VENDORS');
    expect(synthesised.template.toJSON().Outputs).not.toHaveProperty('PrivateVendors');
  });

  it('is handed to what connects, and so is the one for loopback', () => {
    const entry = readFileSync(join(import.meta.dirname, '../../functions/lambda/sweep.ts'), 'utf8');

    expect(entry.replaceAll(/\s+/g, ' ')).toMatch(
      /dispatcher: createVendorAgent\(\{ loopback: settings\.ALLOW_LOOPBACK_VENDORS, private: settings\.ALLOW_PRIVATE_VENDORS,? \}\)/,
    );
  });
});

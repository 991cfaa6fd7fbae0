import { DescribeEventBusCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { explainSkew, skewRemedy } from './clock-skew.ts';
import { type PermissionClients, tablePermissions } from './permission-tries.ts';
import type { FeedStack } from './read-stack.ts';
import type { StackExamination, StackFinding } from './stack-finding.ts';
import { type Tried, tryPermission } from './try-permission.ts';

export type StackExamining = {
  readonly stack: FeedStack;
  readonly clients: PermissionClients & { readonly queue: SQSClient; readonly bus: EventBridgeClient };
  readonly nowMs: () => number;
};

/** Nothing tells whether these are allowed but doing them. */
const untried = [
  'sqs:SendMessage (ucf sweep, remove and purge --now; replay and resync to a queue)',
  'events:PutEvents (ucf redrive, replay and resync --to-bus)',
  'ssm:PutParameter (ucf doctor --recover)',
  'ssm:GetParameter and secretsmanager:GetSecretValue of credentials (ucf connections test and apply, and sweep --dry-run)',
];

/** Looks at what only a deployed stack has. It changes nothing: writes are tried under conditions that nothing meets. */
export async function examineStack(examining: StackExamining): Promise<StackExamination> {
  const { stack, clients } = examining;
  const dates: string[] = [];
  listenForDates(clients.table, dates);
  const permissions = await Promise.all(tablePermissions(stack, clients).map(tryPermission));
  const queues = await Promise.all([
    examineDeadLetters(clients.queue, stack),
    ...busNamesOf(stack).map((name) => examineBus(clients.bus, name, stack)),
  ]);
  const findings = [...examineOutputs(stack), ...permissions.flatMap(toFindings), ...queues.flat()];
  return {
    findings: [...findings, ...examineClock(dates.at(-1), examining)],
    untried,
    isBlind: permissions.some(({ outcome, isNeededToLook }) => outcome !== 'allowed' && isNeededToLook),
  };
}

function examineOutputs({ name, status, missingOutputs }: FeedStack): readonly StackFinding[] {
  const older: StackFinding = {
    kind: 'older_version',
    message: `the stack is one of an older version: it has no output ${missingOutputs.join(', ')}`,
    remedy: 'deploy this version: git pull && npx cdk deploy',
  };
  const failed: StackFinding = {
    kind: 'deployment_failed',
    message: `the last deployment did not succeed: ${name} is in ${status}`,
    remedy: 'read its events in CloudFormation, remove the cause and deploy again; what ran before goes on',
  };
  return [...(missingOutputs.length > 0 ? [older] : []), ...(/FAILED|ROLLBACK/.test(status) ? [failed] : [])];
}

function toFindings({ action, resource, neededFor, outcome, error }: Tried): readonly StackFinding[] {
  if (outcome === 'allowed') return [];
  if (outcome === 'denied')
    return [
      {
        kind: 'missing_permission',
        message: `your AWS credentials may not ${action} on ${resource}`,
        remedy: `allow it, or use those of another role; it is needed for ${neededFor}`,
      },
    ];
  return [
    {
      kind: 'unanswered',
      message: `${action} on ${resource} was not answered (${error})`,
      remedy: 'check that it exists and that the network reaches AWS; where it was deleted, deploy again',
    },
  ];
}

async function examineDeadLetters(queue: SQSClient, stack: FeedStack): Promise<readonly StackFinding[]> {
  let waiting = 0;
  const tried = await tryPermission({
    action: 'sqs:GetQueueAttributes',
    resource: stack.deadLetterQueueUrl,
    neededFor: 'seeing dead letters',
    async ask() {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await queue.send(
        new GetQueueAttributesCommand({ QueueUrl: stack.deadLetterQueueUrl, AttributeNames }),
      );
      waiting = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    },
  });
  if (tried.outcome !== 'allowed' || waiting === 0) return toFindings(tried);
  return [
    {
      kind: 'dead_letters',
      message: `about ${waiting} messages for sweeps failed again and again, and lie in the dead-letter queue`,
      remedy: `see docs/operating.md, sweep-dead-letters: aws sqs receive-message --queue-url ${stack.deadLetterQueueUrl}`,
    },
  ];
}

function busNamesOf({ busName, tenantBuses }: FeedStack): readonly string[] {
  return [...new Set([...(busName === undefined ? [] : [busName]), ...Object.values(tenantBuses)])];
}

async function examineBus(bus: EventBridgeClient, name: string, stack: FeedStack): Promise<readonly StackFinding[]> {
  const tried = await tryPermission({
    action: 'events:DescribeEventBus',
    resource: name,
    neededFor: 'ucf redrive, and replay and resync --to-bus',
    ask: () => bus.send(new DescribeEventBusCommand({ Name: name })),
  });
  if (tried.error !== 'ResourceNotFoundException') return toFindings(tried);
  return [
    {
      kind: 'bus_missing',
      message: `the event bus ${name} does not exist; events wait in the log`,
      remedy: `see docs/operating.md, bus-missing: deploy ${stack.name} again, or create the bus by hand`,
    },
  ];
}

function examineClock(date: string | undefined, { nowMs }: StackExamining): readonly StackFinding[] {
  const message = explainSkew(date, nowMs(), 'AWS');
  return message === undefined ? [] : [{ kind: 'clock_skew', message, remedy: skewRemedy }];
}

/** Every answer of AWS says what time it is there, a refusal as well. */
function listenForDates(client: PermissionClients['table'], dates: string[]): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = (answer.response ?? {}) as { readonly headers?: Readonly<Record<string, string>> };
      if (headers?.date !== undefined) dates.push(headers.date);
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'listenForDates' },
  );
}

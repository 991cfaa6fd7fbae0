import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { explainStackFault } from './explain-stack-fault.ts';
import { usageFault } from './usage-fault.ts';

/** What a deployed stack says of itself. */
export type FeedStack = {
  readonly name: string;
  readonly tableName: string;
  readonly sweepQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** What is kept outside the table, so that one that was restored from a backup is noticed. */
  readonly epochParameter: string;
  /** Below it lie the credentials of its connections. */
  readonly secretsPrefix: string;
  /** Undefined for a stack of an older version. */
  readonly busName: string | undefined;
  /** Buses by tenant, beside the one of all others. */
  readonly tenantBuses: { readonly [tenantId: string]: string };
  /** Outputs that this version's stack has and this one lacks: it was deployed by an older one. */
  readonly missingOutputs: readonly string[];
  /** As CloudFormation has it: `UPDATE_COMPLETE`. */
  readonly status: string;
  /** Only on an emulator of AWS, for tests. */
  readonly allowsLoopbackVendors: boolean;
  /** Where the sweep function is in the network of its vendors. */
  readonly allowsPrivateVendors: boolean;
};

/** What this program needs to know, and which output of the stack says it. */
export const neededOutputs = {
  tableName: 'TableName',
  sweepQueueUrl: 'SweepQueueUrl',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
  epochParameter: 'EpochParameter',
  secretsPrefix: 'SecretsPrefix',
} as const;

/** What this program can do without, and every stack of this version has. */
export const laterOutputs = ['BusName', 'BusArn', 'FailedBatchesBucket', 'DashboardUrl'] as const;

/** Reads the outputs of a stack. @throws config.invalid that says what is wrong with the name, the region or the rights */
export async function readStack(client: CloudFormationClient, name: string): Promise<FeedStack> {
  const stack = await describeStack(client, name);
  const outputs = new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']));
  const missing = Object.values(neededOutputs).filter((output) => !outputs.has(output));
  if (missing.length > 0) throw usageFault(name, explainMissing(stack, missing));
  const values = Object.entries(neededOutputs).map(([key, output]) => [key, outputs.get(output)]);
  return {
    name,
    ...(Object.fromEntries(values) as { [Key in keyof typeof neededOutputs]: string }),
    busName: outputs.get('BusName'),
    missingOutputs: laterOutputs.filter((output) => !outputs.has(output)),
    status: stack.StackStatus ?? 'UNKNOWN',
    tenantBuses: JSON.parse(outputs.get('TenantBuses') ?? '{}'),
    allowsLoopbackVendors: outputs.get('LoopbackVendors') === 'true',
    allowsPrivateVendors: outputs.get('PrivateVendors') === 'true',
  };
}

async function describeStack(client: CloudFormationClient, name: string): Promise<Stack> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks;
    if (stack !== undefined) return stack;
  } catch (error) {
    throw explainStackFault(error, name, await regionOf(client));
  }
  throw usageFault(name, 'AWS CloudFormation describes no such stack; check the name');
}

function explainMissing({ StackStatus: status = 'CREATE_FAILED' }: Stack, missing: readonly string[]): string {
  // A stack that was never made, or not yet, has no outputs at all.
  if (/^(REVIEW|CREATE|ROLLBACK|DELETE)_(IN_PROGRESS|FAILED)|^ROLLBACK_COMPLETE/.test(status))
    return `the stack is not ready (${status}); wait for its deployment, or deploy it again with npx cdk deploy`;
  return `the stack is no user change feed, or one of an older version: it has no output ${missing.join(', ')}; check the name, or deploy it again with npx cdk deploy`;
}

/** For messages only; undefined where none is set. */
async function regionOf({ config }: CloudFormationClient): Promise<string | undefined> {
  return config.region().catch(() => undefined);
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { createParameterMark } from '../src/store/parameter-mark.ts';
import { readTableIdentity } from '../src/store/table-identity.ts';
import { createEpochGuard, type EpochGuard } from '../src/sweep/epoch-guard.ts';
import { highestEpoch } from '../src/sweep/highest-epoch.ts';
import type { KeptEpochPorts } from '../src/sweep/kept-epoch.ts';

export type DeployedMarkOptions = {
  readonly parameters: SSMClient;
  readonly parameterName: string;
  readonly table: DynamoDBClient;
  readonly tableName: string;
  readonly stackName: string;
  readonly nowMs: () => number;
};

/**
 * The mark of a deployed feed and its table. Needs GetParameter on the parameter and DescribeTable on the table; whoever
 * claims or recovers, PutParameter as well.
 */
export function openDeployedMark(options: DeployedMarkOptions) {
  const { parameters, parameterName, table, tableName, stackName, nowMs } = options;
  const recovery = `ucf doctor --recover --stack ${stackName}`;
  return {
    ...createParameterMark({ parameters, parameterName, recovery }),
    readTable: () => readTableIdentity(table, tableName),
    place: `the parameter ${parameterName}`,
    recovery,
    nowMs,
  } satisfies KeptEpochPorts;
}

/** The guard of a deployed feed, for whoever may write the mark: the dispatcher claims, operators recover. */
export function createDeployedGuard(options: DeployedMarkOptions & { readonly store: Connections }): EpochGuard {
  return createEpochGuard({ ...openDeployedMark(options), readHighestEpoch: () => highestEpoch(options.store) });
}

type Connections = Parameters<typeof highestEpoch>[0];

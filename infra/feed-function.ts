import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApplicationLogLevel, LoggingFormat, RecursiveLoop, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { metricNamespace } from './feed-metrics.ts';
import { functionBundle } from './function-bundle.ts';
import type { FeedSettings } from './settings.ts';

export type FeedFunctionProps = {
  readonly settings: FeedSettings;
  /** Name of the entry in `functions/lambda`, and end of the function's name. */
  readonly name: 'dispatch' | 'sweep' | 'publish';
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly environment: { readonly [name: string]: string };
  /** Whether it sends messages to its own queue: Lambda stops such a loop after 16 rounds unless told. @default false */
  readonly isItsOwnSource?: boolean;
};

/**
 * The young generation of Node 24 takes up to 64 MB by default and never gives them back, whatever a sweep needs. With
 * half of that, a sweep of a million users stays under 160 MB beyond an idle process (`npm run bench -- --only memory`).
 */
const nodeOptions = '--enable-source-maps --max-semi-space-size=16';

/** A function as all of this stack are: runtime, bundle, logs and a role that holds nothing but what it is given. */
export class FeedFunction extends Construct {
  readonly fn: NodejsFunction;
  readonly logGroup: LogGroup;
  readonly timeout: Duration;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: FeedFunctionProps) {
    super(scope, id);
    const { settings, name, description, timeout, memoryMb, environment, isItsOwnSource = false } = props;
    const functionName = `${settings.stackName}-${name}`;
    this.timeout = timeout;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: settings.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.#role);
    this.fn = new NodejsFunction(this, 'Function', {
      functionName,
      description,
      timeout,
      memorySize: memoryMb,
      role: this.#role,
      ...functionBundle(`functions/lambda/${name}.ts`),
      tracing: Tracing.ACTIVE,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel[settings.logLevel],
      recursiveLoop: isItsOwnSource ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      environment: {
        ...environment,
        ...(settings.allowLoopbackVendors && { ALLOW_LOOPBACK_VENDORS: 'true' }),
        ...(settings.allowPrivateVendors && { ALLOW_PRIVATE_VENDORS: 'true' }),
        LOG_LEVEL: settings.logLevel,
        NODE_OPTIONS: nodeOptions,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace(settings.stackName),
        POWERTOOLS_SERVICE_NAME: settings.stackName,
      },
    });
    acknowledge(this.#role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and ListStreams know no resources.');
  }

  /** Lets the function do this, and only with these resources. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: PolicyConditions): void {
    this.#role.addToPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    );
  }

  get role(): Role {
    return this.#role;
  }
}

export type PolicyConditions = { readonly [operator: string]: { readonly [key: string]: string } };

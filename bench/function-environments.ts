import { App } from 'aws-cdk-lib';
import { featureFlags } from '../infra/feature-flags.ts';
import { UserChangeFeedStack } from '../infra/user-change-feed-stack.ts';

/** Stands for what only a deployment knows: the functions take it for a name as well as for an address. */
const known = 'https://sqs.eu-central-1.amazonaws.com/123456789012/feed';

/** The environment that the stack gives each of its functions, which do not start without it. */
export function functionEnvironments(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const app = new App({ context: { ...featureFlags, 'aws:cdk:bundling-stacks': [] } });
  const { stackName } = new UserChangeFeedStack(app, 'Feed', {});
  const { Resources } = app.synth().getStackByName(stackName).template as Template;
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return Object.fromEntries(
    functions.map(({ Properties: { FunctionName = '', Environment } }) => {
      const variables = Object.entries(Environment?.Variables ?? {}).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : known,
      ]);
      return [FunctionName.split('-').at(-1), { ...Object.fromEntries(variables), AWS_REGION: 'eu-central-1' }];
    }),
  );
}

type Template = {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: FunctionProperties }>>;
};
type FunctionProperties = {
  readonly FunctionName?: string;
  readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
};

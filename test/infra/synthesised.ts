import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { featureFlags } from '../../infra/feature-flags.ts';
import { UserChangeFeedStack, type UserChangeFeedStackProps } from '../../infra/user-change-feed-stack.ts';

export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of every shape
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};
export type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};
export type Synthesised = {
  readonly template: Template;
  readonly stack: UserChangeFeedStack;
  /** Resources of a type, by logical id. */
  ofType(type: string): { readonly [logicalId: string]: Resource };
  /** The only resource of a type. */
  only(type: string): Resource;
  /** A function by the end of its name. */
  functionOf(name: string): Resource;
  /** What the role of a function may do. */
  statementsOf(name: string): readonly Statement[];
};

/** The stack's template, without bundles, and without the checks that a test of their own makes. */
export function synthesise(props: UserChangeFeedStackProps = {}): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesised-'));
  const app = new App({ outdir, context: { ...featureFlags, 'aws:cdk:bundling-stacks': [] } });
  const stack = new UserChangeFeedStack(app, 'Feed', props);
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'false';
  const template = Template.fromStack(stack);
  process.env.CDK_VALIDATION = before;
  rmSync(outdir, { recursive: true });
  const ofType: Synthesised['ofType'] = (type) => template.findResources(type) as ReturnType<Synthesised['ofType']>;
  const only = (type: string) => {
    const [found, ...others] = Object.values(ofType(type));
    if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} or no resources of ${type}`);
    return found;
  };
  const functionOf = (name: string) => {
    const all = Object.values(ofType('AWS::Lambda::Function'));
    const found = all.find(({ Properties }) => Properties.FunctionName.endsWith(`-${name}`));
    if (found === undefined) throw new Error(`no function ${name}`);
    return found;
  };
  const statementsOf = (name: string) => {
    const [roleId] = functionOf(name).Properties.Role['Fn::GetAtt'];
    return Object.values(ofType('AWS::IAM::Policy'))
      .filter(({ Properties }) => Properties.Roles.some((role: { Ref: string }) => role.Ref === roleId))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as readonly Statement[]);
  };
  return { template, stack, ofType, only, functionOf, statementsOf };
}

export function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}

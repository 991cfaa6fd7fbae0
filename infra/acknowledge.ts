import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why a rule of cdk-nag does not apply to a construct and what is below it. */
export function acknowledge(scope: IConstruct, rule: string, reason: string): void {
  const { partition, region, account } = Stack.of(scope);
  const shown = [
    [partition, '<AWS::Partition>'],
    [region, '<AWS::Region>'],
    [account, '<AWS::AccountId>'],
  ] as const;
  // What only the deployment knows stands in a finding's name as cdk-nag writes it.
  const id = shown.reduce(
    (text, [token, name]) => (Token.isUnresolved(token) ? text.replaceAll(token, name) : text),
    rule,
  );
  Validations.of(scope).acknowledge({ id, reason });
}

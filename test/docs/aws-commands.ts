import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';

/** The services whose SDK this project has, under the names that the AWS CLI gives them. */
const clients: Readonly<Record<string, object>> = { cloudformation, dynamodb, events, secretsmanager, sqs, ssm };

/**
 * Commands of other services, and those that only the AWS CLI has, with their options.
 * Source: docs.aws.amazon.com/cli/latest/reference, the page of each command.
 */
const otherCommands: Readonly<Record<string, readonly string[]>> = {
  'cloudwatch list-metrics': ['namespace', 'metric-name', 'dimensions', 'recently-active'],
  'lambda get-account-settings': [],
  'lambda list-event-source-mappings': ['event-source-arn', 'function-name'],
  'logs tail': ['since', 'follow', 'format', 'filter-pattern', 'log-stream-names', 'log-stream-name-prefix'],
  's3 ls': ['recursive', 'human-readable', 'summarize'],
  'scheduler list-schedules': ['group-name', 'name-prefix', 'state'],
};
const globalOptions = ['query', 'output', 'region', 'profile'];

/** What a command takes: its options, and how many of the first of them it cannot do without. */
type Grammar = { readonly options: readonly string[]; readonly needed: number };

/** What is wrong with a command line of the AWS CLI; empty where nothing is. */
export function awsFaults([service = '', operation = '', ...rest]: readonly string[]): readonly string[] {
  const grammar = grammarOf(service, operation, rest);
  if (grammar === undefined) return [`aws ${service} ${operation}: there is no such command`];
  const given = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2).replace(/=.*/, ''));
  const unknown = given.filter((name) => ![...grammar.options, ...globalOptions].includes(name));
  const missing = grammar.options.slice(0, grammar.needed).filter((name) => !given.includes(name));
  return [
    ...unknown.map((name) => `aws ${service} ${operation}: it has no --${name}`),
    ...missing.map((name) => `aws ${service} ${operation}: it needs --${name}`),
  ];
}

function grammarOf(service: string, operation: string, rest: readonly string[]): Grammar | undefined {
  const other = otherCommands[`${service} ${operation}`];
  if (other !== undefined) return { options: other, needed: 0 };
  const client = clients[service] as Readonly<Record<string, unknown>> | undefined;
  if (client === undefined) return undefined;
  if (operation === 'wait') return waiterOf(client, rest[0] ?? '');
  // The SDK describes an operation as a list, its input in the fifth place, and a structure with its members' names in
  // the fifth place and the number of required ones, which come first, in the seventh.
  const described = client[`${pascal(operation)}$`] as readonly unknown[] | undefined;
  const input = described?.[4];
  const structure = (typeof input === 'function' ? input() : input) as readonly unknown[] | undefined;
  if (structure === undefined) return undefined;
  return {
    options: (structure[4] as readonly string[]).map(kebab),
    needed: typeof structure[6] === 'number' ? structure[6] : 0,
  };
}

/** A waiter takes what it asks for again and again: `wait table-exists` what `describe-table` takes. */
function waiterOf(client: Readonly<Record<string, unknown>>, state: string): Grammar | undefined {
  const isKnown = `waitUntil${pascal(state)}` in client;
  return isKnown && state.startsWith('table-') ? { options: ['table-name'], needed: 1 } : undefined;
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function kebab(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

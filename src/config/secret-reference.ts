import * as z from 'zod/mini';
import { joinWords, nameKind } from './wording.ts';

/** Where the feed runs: on this machine, or as a stack in an AWS account. */
export type Runtime = 'embedded' | 'deployed';

const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
// A separator or an ending: a pasted key has neither, so it is not taken for a file and shown in messages.
const filePath = /^(?!~).*(?:[/\\].*|\.[A-Za-z0-9]{1,8})$/;
const parameterName = /^(?:\/|arn:aws[\w-]*:ssm:)[\w.:/-]{1,1000}$/;
const secretName = /^[\w/+=.@:-]{1,512}$/;

const kinds = {
  env: {
    runtime: 'embedded',
    expected: 'the name of an environment variable: letters, digits and underscores',
    schema: z.strictObject({ env: z.string().check(z.regex(variableName)) }),
  },
  file: {
    runtime: 'embedded',
    expected: 'the path of a file, absolute or beginning with ./ beside the connection file (~ is not expanded)',
    schema: z.strictObject({ file: z.string().check(z.regex(filePath)) }),
  },
  ssm: {
    runtime: 'deployed',
    expected: 'the name of an SSM parameter that begins with a slash, or its ARN',
    schema: z.strictObject({ ssm: z.string().check(z.regex(parameterName)) }),
  },
  secretsManager: {
    runtime: 'deployed',
    expected: 'the name or ARN of a secret in AWS Secrets Manager; "field" names a key of its JSON',
    schema: z.strictObject({
      secretsManager: z.string().check(z.regex(secretName)),
      field: z.optional(z.string().check(z.minLength(1))),
    }),
  },
} as const;
export type SecretKind = keyof typeof kinds;
export const secretKinds = Object.keys(kinds) as SecretKind[];

/** A reference to a secret as the file spells it. The secret itself never stands in the file. */
export const secretReference = z
  .union([kinds.env.schema, kinds.file.schema, kinds.ssm.schema, kinds.secretsManager.schema])
  .register(z.globalRegistry, {
    id: 'SecretReference',
    description:
      'Where a secret is kept. env and file serve the embedded runtime, ssm and secretsManager a deployed stack.',
  });

const forms: { readonly [Where in Runtime]: string } = {
  embedded: '{"env": "NAME"} or {"file": "./PATH"}',
  deployed: '{"ssm": "/PATH"} or {"secretsManager": "NAME"}',
};
const refusals: { readonly [Where in Runtime]: string } = {
  embedded: 'is kept in AWS, and the embedded runtime works without an AWS account',
  deployed: 'is kept on this machine, and a deployed function sees neither its environment nor its files',
};

/** What is wrong with a credential's value; undefined if nothing. Shows nothing of it: it may be the secret itself. */
export function explainReference(value: unknown, runtime: Runtime): string | undefined {
  const write = `write ${forms[runtime]}`;
  if (typeof value === 'string')
    return `found a literal text (not shown), and secrets never stand in this file: ${write}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `expected a reference to a secret, found ${nameKind(value)}: ${write}`;
  }
  const named = secretKinds.filter((kind) => Object.hasOwn(value, kind));
  const [kind, second] = named;
  if (kind === undefined)
    return `expected one of ${joinWords(secretKinds, 'or')}, found other keys or none (not shown): ${write}`;
  if (second !== undefined) return `names ${joinWords(named, 'and')} together: keep exactly one`;
  if (kinds[kind].runtime !== runtime) return `what ${kind} names ${refusals[runtime]}: ${write}`;
  return explainShape(value, kind);
}

function explainShape(value: object, kind: SecretKind): string | undefined {
  const { schema, expected } = kinds[kind];
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  const hasUnknownKeys = parsed.error.issues.some(({ code }) => code === 'unrecognized_keys');
  if (!hasUnknownKeys) return `expected ${expected} (the value found is not shown)`;
  const advice =
    Object.hasOwn(value, 'field') && kind !== 'secretsManager' ? ' ("field" goes with secretsManager only)' : '';
  return `has keys besides ${kind} (not shown): remove them${advice}`;
}

import * as z from 'zod/mini';
import { invalidConfig } from './config-error.ts';
import type { Environment } from './environment.ts';
import { readWithSchema } from './read-with-schema.ts';
import { says } from './wording.ts';

/** The functions of the deployed stack. */
export type LambdaFunction = 'dispatch' | 'sweep' | 'publish';

const name = (what: string) => z.string(says(`${what}: deploy the stack again`)).check(z.minLength(1));

const tenantBusesSchema = z.record(z.string(), z.string().check(z.minLength(1)));
const readTenantBuses = z.transform((text: string, context): { readonly [tenantId: string]: string } => {
  const read = tenantBusesSchema.safeParse(parseJson(text));
  if (read.success) return read.data;
  const message = `expected a JSON object of tenant ids and bus names like {"acme": "acme-users"}, found ${JSON.stringify(text.slice(0, 60))}: deploy the stack again`;
  context.issues.push({ code: 'custom', input: text, message });
  return z.NEVER;
});

const publishEnvironment = z.object({
  TABLE_NAME: name('the name of the DynamoDB table'),
  BUS_NAME: name('the name of the event bus'),
  TENANT_BUSES: z.pipe(z._default(z.string(), '{}'), readTenantBuses),
  LOG_LEVEL: z._default(z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']), 'INFO'),
});
const queueUrl = 'the address of the sweep queue, like https://sqs.eu-central-1.amazonaws.com/123456789012/sweeps';
const dispatchEnvironment = z.extend(publishEnvironment, {
  EPOCH_PARAMETER: name('the name of the SSM parameter that keeps the epoch'),
  // The stack's name, under which functions log: what an operator is told to type names it.
  POWERTOOLS_SERVICE_NAME: z._default(z.string(), 'user-change-feed'),
  SWEEP_QUEUE_URL: z
    .string(says(`${queueUrl}: deploy the stack again`))
    .check(z.regex(/^https?:\/\/\S+$/, says(`${queueUrl}: deploy the stack again`))),
});
const permission = () =>
  z.pipe(
    z._default(z.enum(['true', 'false']), 'false'),
    z.transform((text) => text === 'true'),
  );
const sweepEnvironment = z.extend(dispatchEnvironment, {
  SECRETS_PREFIX: name('the path below which credentials lie, like user-change-feed'),
  ALLOW_LOOPBACK_VENDORS: permission(),
  ALLOW_PRIVATE_VENDORS: permission(),
});
const schemas = { publish: publishEnvironment, dispatch: dispatchEnvironment, sweep: sweepEnvironment };

export type SettingsOf<Name extends LambdaFunction> = z.output<(typeof schemas)[Name]>;

/**
 * What a function's environment says; each function needs a part of it only.
 * @throws config.invalid naming every variable that is missing or wrong, what it holds and what to do
 */
export function readLambdaSettings<Name extends LambdaFunction>(
  env: Environment,
  functionName: Name,
): SettingsOf<Name> {
  const read = readWithSchema<unknown>(schemas[functionName], env, '');
  if ('faults' in read) throw invalidConfig(`the environment of the ${functionName} function`, read.faults);
  return read.value as SettingsOf<Name>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

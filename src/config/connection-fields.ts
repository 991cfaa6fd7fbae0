import * as z from 'zod/mini';
import type { Vendor } from '../vendors/vendor.ts';
import { readBaseUrl } from './base-url.ts';
import { durationField } from './duration-field.ts';
import { requestBudgetField } from './request-budget-field.ts';
import type { Runtime } from './secret-reference.ts';
import { userRulesField } from './user-rules-field.ts';
import { says } from './wording.ts';

const minSeconds: { readonly [Where in Runtime]: number } = { embedded: 1, deployed: 60 };
const maxSeconds = 7 * 86_400;

/**
 * The keys of one connection, for a vendor and a runtime; for an unknown vendor what all have in common.
 * `credentials` is left to `findCredentialFaults`, whose messages show nothing of it, and what a field must be to be
 * ignored to `findIgnoreFaults`, as it depends on the options.
 */
export function connectionFields(vendors: readonly Vendor[], vendor: Vendor | undefined, runtime: Runtime) {
  return {
    id: name(63, 'Unique in the file. Names the connection in events, commands and metrics.'),
    vendor: z.enum(vendors.map(({ id }) => id)).check(z.describe('The kind of source.')),
    tenantId: z.optional(name(64, 'Whose users these are, in every event. The id of the connection when left out.')),
    baseUrl: z.optional(baseUrlField),
    directoryId: z.optional(directoryIdField),
    credentials: z.optional(z.unknown()),
    every: everyField(runtime),
    requestBudget: z.optional(requestBudgetField),
    baseline: z
      ._default(z.enum(['silent', 'emit']), 'silent')
      .check(z.describe('Whether the users of the first complete sweep are published as created.')),
    deletion: z.prefault(z.strictObject({ confirmSweeps: confirmSweepsField }), {}),
    fields: fieldsField(z.string()),
    users: userRulesField,
    events: z.prefault(z.strictObject({ sweepCompleted: sweepCompletedField }), {}),
    options: vendor === undefined ? z.optional(z.unknown()) : z.prefault(vendor.options, {}),
  };
}

function name(maxLength: number, description: string) {
  const pattern = new RegExp(`^[a-z0-9][a-z0-9-]{0,${maxLength - 1}}$`);
  const advise = (input: unknown): string => {
    const spelled = String(input)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, maxLength);
    return typeof input === 'string' && pattern.test(spelled) ? `: write "${spelled}"` : '';
  };
  return z
    .string(says(`1 to ${maxLength} lower-case letters, digits and hyphens, no hyphen first`, advise))
    .check(z.regex(pattern), z.describe(description));
}

function everyField(runtime: Runtime) {
  const bounds = { minSeconds: minSeconds[runtime], maxSeconds, where: ` in the ${runtime} runtime` };
  return z
    .prefault(durationField(bounds), '15m')
    .check(z.describe('How often a sweep starts: 1s to 7d, at least 1m deployed.'));
}

/** `fields`, with the schema of what can be ignored. */
export const fieldsField = (ignorable: z.ZodMiniType<string>) =>
  z.prefault(
    z.strictObject({
      ignore: z
        ._default(z.array(ignorable), [])
        .check(z.describe('Fields whose change alone is not published, by their path.')),
    }),
    {},
  );

const readAddress = z.transform((text: string, context) => {
  const read = readBaseUrl(text);
  if ('baseUrl' in read) return read.baseUrl;
  context.issues.push({ code: 'custom', input: text, message: read.fault });
  return z.NEVER;
});

/** The base address, required; `connectionFields` makes it optional, as some vendors have one of their own. */
export const baseUrlField = z.pipe(z.string(), readAddress).check(
  z.meta({
    description:
      "What stands before the document's path: https, or plain http to loopback. No credentials, query or fragment.",
    pattern: '^https?://',
  }),
);

const directoryIdField = z
  .string(says('1 to 128 printable ASCII characters without spaces'))
  .check(
    z.regex(/^[!-~]{1,128}$/),
    z.describe('Names the directory where base address and account do not, e.g. after a move to another host.'),
  );

const confirmSweepsField = z._default(
  z
    .int(
      says('a whole number from 2 to 10', (input) => (input === 1 ? ': one absence is never proof of a deletion' : '')),
    )
    .check(
      z.gte(2),
      z.lte(10),
      z.describe('In how many complete sweeps in a row a user must be absent to count as deleted.'),
    ),
  2,
);

const sweepCompletedField = z
  ._default(z.boolean(), false)
  .check(z.describe('Publish connection.sweep_completed after every sweep.'));

import * as z from 'zod/mini';
import type { Vendor } from '../vendors/vendor.ts';
import { readBaseUrl } from './base-url.ts';
import { brakeField } from './brake-field.ts';
import { durationField } from './duration-field.ts';
import { maintenanceField } from './maintenance-field.ts';
import { requestBudgetField } from './request-budget-field.ts';
import type { Runtime } from './secret-reference.ts';
import { userRulesField } from './user-rules-field.ts';
import { says } from './wording.ts';

const minSeconds: { readonly [Where in Runtime]: number } = { embedded: 1, deployed: 60 };
const maxSeconds = 7 * 86_400;
/** `every` where it is left out. */
export const defaultEvery = '15m';

/**
 * The keys of one connection, for a vendor and a runtime; for an unknown vendor what all have in common.
 * `credentials` is left to `findCredentialFaults`, whose messages show nothing of it; what a field must be to be ignored,
 * redacted or hashed, and what `deltaEvery` needs, to functions that know the options.
 */
export function connectionFields(vendors: readonly Vendor[], vendor: Vendor | undefined, runtime: Runtime) {
  return {
    id: name(63, 'Unique in the file. Names the connection in events, commands and metrics.'),
    vendor: z.enum(vendors.map(({ id }) => id)).check(z.describe('The kind of source.')),
    tenantId: z.optional(name(64, 'Whose users these are, in every event. The id of the connection when left out.')),
    baseUrl: z.optional(baseUrlField),
    directoryId: z.optional(directoryIdField),
    credentials: z.optional(z.unknown()),
    every: z
      .prefault(everyField(runtime), defaultEvery)
      .check(z.describe('How often a sweep of all users starts: 1s to 7d, at least 1m deployed.')),
    deltaEvery: z
      .optional(everyField(runtime))
      .check(
        z.describe(
          'How often only changed users are asked for in between, where the vendor has a filter for them. Shorter than every.',
        ),
      ),
    requestBudget: z.optional(requestBudgetField),
    baseline: z
      ._default(z.enum(['silent', 'emit']), 'silent')
      .check(z.describe('Whether the users of the first complete sweep are published as created.')),
    deletion: deletionField,
    brake: brakeField,
    fields: fieldsField({ ignorable: z.string(), redactable: z.string(), hashable: z.string() }),
    payload: z
      ._default(z.enum(['full', 'thin']), 'full')
      .check(z.describe('thin: events tell which user and which fields changed, but no values.')),
    users: userRulesField,
    paused: z
      ._default(z.boolean(), false)
      .check(z.describe('Whether it is not swept until an operator resumes it. What is known of it stays.')),
    maintenance: maintenanceField,
    events: z.prefault(z.strictObject({ sweepCompleted: sweepCompletedField }), {}),
    options: vendor === undefined ? z.optional(z.unknown()) : z.prefault(vendor.options, {}),
  };
}

function name(maxLength: number, description: string) {
  const pattern = new RegExp(`^[a-z0-9][a-z0-9-]{0,${maxLength - 1}}$`);
  const advise = (input: unknown): string => {
    if (typeof input !== 'string') return '';
    const spelled = input
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, maxLength);
    return pattern.test(spelled) ? `: write "${spelled}"` : '';
  };
  return z
    .string(says(`1 to ${maxLength} lower-case letters, digits and hyphens, no hyphen first`, advise))
    .check(z.regex(pattern), z.describe(description));
}

function everyField(runtime: Runtime) {
  const bounds = { minSeconds: minSeconds[runtime], maxSeconds, where: ` in the ${runtime} runtime` };
  return durationField(bounds);
}

type FieldNames = {
  readonly ignorable: z.ZodMiniType<string>;
  readonly redactable: z.ZodMiniType<string>;
  readonly hashable: z.ZodMiniType<string>;
};

/** `fields`, with the schemas of what can be ignored, redacted and hashed. */
export const fieldsField = ({ ignorable, redactable, hashable }: FieldNames) =>
  z.prefault(
    z.strictObject({
      ignore: z
        ._default(z.array(ignorable), [])
        .check(z.describe('Fields whose change alone is not published, by their path.')),
      redact: z
        ._default(z.array(redactable), [])
        .check(z.describe('Fields that are taken out before anything is stored or published, by their path.')),
      hash: z
        ._default(z.array(hashable), [])
        .check(z.describe('Fields of text of which only a keyed hash is stored and published, by their path.')),
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

const deletionField = z.prefault(
  z.strictObject({
    confirmSweeps: confirmSweepsField,
    probe: z
      ._default(z.boolean(), true)
      .check(z.describe('Whether the vendor is asked about an absent user, where its answer proves something.')),
    maxProbes: z
      ._default(z.int().check(z.gte(0), z.lte(1000)), 20)
      .check(z.describe('The most users asked about in one sweep.')),
  }),
  {},
);

const sweepCompletedField = z
  ._default(z.boolean(), false)
  .check(z.describe('Publish connection.sweep_completed after every sweep.'));

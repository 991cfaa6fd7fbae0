import * as z from 'zod/mini';
import type { Json } from '../../model/json.ts';
import type { HttpExplanation, HttpFailure, HttpHeaders } from '../http/http-client.ts';

/** Validation is loose: a field may be absent, null or empty, and only a value of the wrong type rejects its row. */
const text = z.nullish(z.string());
const flag = z.nullish(z.boolean());
/** Documented as text. Assumed: a back end that counts its ids may be passed on as it is. */
const key = z.nullish(z.union([z.string(), z.int()]));
/** How deeply identifiers may be nested: documented are flat ones. */
const maxIdentifierDepth = 8;
const listOf = <Member extends z.ZodMiniType>(member: Member) => z.nullish(z.array(z.nullish(member)));

/**
 * One page. Left out: `prev_cursor` (a sweep never goes back) and `result_count` (the rows are counted here).
 *
 * Source: truto.one/docs/api-reference/unified-user-directory-api/users/list (stored copy, 2026-11);
 * trutohq/truto-skills skills/truto/references/unified-api.md@f792f61 (`is_partial_response`).
 */
export const trutoList = z.object({
  result: z.array(z.unknown()),
  next_cursor: z.nullish(z.string().check(z.maxLength(4096))),
  is_partial_response: z.optional(z.unknown()),
});

/**
 * A user; `id` is read with the row and is the only field that must be there.
 *
 * Source: truto.one/docs/api-reference/unified-user-directory-api/users/list (stored copy, 2026-11). `status`: where no
 * mapping is clear the back end's own value comes through. Assumed: that may be a flag or a number too.
 */
export const trutoUser = z.object({
  name: text,
  first_name: text,
  last_name: text,
  title: text,
  username: text,
  emails: listOf(z.object({ email: text, type: text, is_primary: flag })),
  phones: listOf(z.object({ number: key, extension: key, type: text })),
  status: z.nullish(z.union([z.string(), z.boolean(), z.number()])),
  user_type: text,
  external_id: key,
  identifiers: z.nullish(z.record(z.string(), jsonToDepth(maxIdentifierDepth))),
  is_email_verified: flag,
  is_2fa_enabled: flag,
  roles: listOf(z.object({ id: key, name: text, group: key, organization: key, workspace: key })),
  groups: listOf(z.object({ id: key, name: text })),
  organizations: listOf(z.object({ id: key, name: text })),
  workspaces: listOf(z.object({ id: key, name: text })),
  licenses: listOf(z.object({ id: key, name: text })),
  timezone: text,
  languages: listOf(z.string()),
  avatar: text,
  bio: text,
  urls: listOf(z.object({ url: text, type: text })),
  created_at: text,
  updated_at: text,
  last_active_at: text,
  last_login_at: text,
  status_changed_at: text,
  activated_at: text,
});
export type TrutoUser = z.infer<typeof trutoUser>;

/** JSON of so many levels at most: whatever goes through it later does so by recursion, and must come to an end. */
function jsonToDepth(levels: number): z.ZodMiniType<Json> {
  const scalars = [z.string(), z.number(), z.boolean(), z.null()] as const;
  if (levels === 0) return z.union(scalars);
  const inner = jsonToDepth(levels - 1);
  return z.union([...scalars, z.array(inner), z.record(z.string(), inner)]);
}

/**
 * The fields that may stay away. Not `id`, by which users are told apart, nor `status`, without which nobody would be
 * seen deactivated.
 */
const notExcludable: { readonly [field: string]: string } = {
  id: 'expected another field: without id users cannot be told apart',
  status: 'expected another field: without status nobody would be seen deactivated',
};
export const trutoExcludable = z.enum(
  Object.keys(trutoUser.shape).filter((field) => !Object.hasOwn(notExcludable, field)),
  { error: ({ input }) => notExcludable[String(input)] },
);

export const trutoAccountId = z.string().check(z.regex(/^[!-~]{1,200}$/));
export const trutoSortFields = [
  ...(['created_at', 'emails', 'first_name', 'groups', 'id', 'last_active_at', 'last_login_at'] as const),
  ...(['last_name', 'name', 'roles', 'status', 'updated_at', 'username'] as const),
] as const;

const statusWord = z.enum(['active', 'created', 'deleted', 'inactive', 'invited']);
export const trutoStatusFilter = z.union([
  statusWord,
  z.strictObject({ in: z.array(statusWord).check(z.minLength(1)) }),
]);

const emptyFilter = 'expected at least one field: without one it filters nothing';
const filterOf = <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
  z.strictObject(fields).check(z.refine((filter) => Object.keys(filter).length > 0, emptyFilter));
const moment = z.iso.datetime({ offset: true });
const bound = z.optional(moment);
/**
 * Source: truto.one/docs/api-reference/overview/querying, …/guides/how-truto-works/realtime-unified-apis-considerations
 * (stored copies, 2026-11): ISO 8601, `created_at[gt]`, `status[in]`. Assumed: `gte`, `lt` and `lte`, where the copies
 * break off.
 */
export const trutoTimeFilter = z.union([moment, filterOf({ gt: bound, gte: bound, lt: bound, lte: bound })]);

const part = z.optional(z.string().check(z.minLength(1)));
export const trutoEmailFilter = filterOf({ email: part, type: part, isPrimary: z.optional(z.boolean()) });
export const trutoRoleFilter = filterOf({ id: part, name: part, group: part, organization: part, workspace: part });
export const trutoGroupFilter = filterOf({ id: part, name: part, organization: part });

const names = z.catch(z.nullish(z.array(z.string())), undefined);
const insight = z.object({
  missing_required_query_parameters: z.catch(z.nullish(z.object({ value: names })), undefined),
  forbidden_error: z.catch(z.nullish(z.object({ value: z.object({ missing_scopes: names }) })), undefined),
});

/**
 * Left out: `raw_response` (the back end's own words, which may hold anything) and the `conditionally_required_*`
 * insights, which come along with errors they have nothing to do with.
 *
 * Source: trutohq/truto-skills skills/truto-operator/references/error-and-evidence-model.md@f792f61.
 */
const failureBody = z.object({
  error: z.catch(text, undefined),
  message: z.catch(text, undefined),
  truto_is_remote_error: z.optional(z.unknown()),
  truto_error_insight: z.catch(z.nullish(insight), undefined),
});

type Failure = { readonly isRemote: boolean; readonly scopes: string; readonly parameters: string };
type Remedy = (failure: Failure) => string;

/** What to do, and whose credentials are meant: Truto's token, or those with which the customer connected his account. */
const remedies: { readonly [status: number]: Remedy } = {
  400: ({ parameters }) =>
    parameters === ''
      ? 'check the options of the connection: without an integrated account token it needs integratedAccountId'
      : `the back end requires ${parameters}: set it as an option, or in remoteQuery`,
  401: ({ isRemote }) =>
    isRemote
      ? 'the token of this connection is good, but the back end refused the credentials of the customer: ask him to ' +
        'reconnect the account, Truto answers 401 until he has'
      : 'Truto refused the token of this connection: check it, it may have expired',
  403: ({ isRemote, scopes }) => {
    if (scopes !== '')
      return `the account of the customer lacks the scopes ${scopes}: ask him to reconnect it and grant them`;
    return isRemote
      ? 'the back end does not let the account of the customer list users: ask him for the permission'
      : 'check that the token is allowed to read this account';
  },
  404: () => 'check integratedAccountId, and that the token is of the same environment as the account',
  429: ({ isRemote }) =>
    isRemote
      ? 'the limit is the back end’s, which the customer’s other programs use up too'
      : 'the limit is Truto’s: 50 requests in 10 s per account, 500 per token',
  503: ({ isRemote }) =>
    isRemote
      ? 'the back end is not available'
      : 'Truto answers so where the account is blocked: it will not pass by itself, ask Truto’s support',
};

/**
 * Truto's own words for a failure, and what to do. A refused cursor has expired: the list starts again. A 503 is
 * retried only where it is the back end's, Truto's own means a blocked account.
 *
 * Source: trutohq/truto-skills skills/truto-operator/references/error-and-evidence-model.md@f792f61 (status codes).
 */
export function explainTrutoFailure({ status, body }: HttpFailure, sentCursor: boolean): HttpExplanation | undefined {
  const { data } = failureBody.safeParse(body);
  const isRemote = data?.truto_is_remote_error === true;
  const scopes = (data?.truto_error_insight?.forbidden_error?.value.missing_scopes ?? []).join(', ');
  const parameters = (data?.truto_error_insight?.missing_required_query_parameters?.value ?? []).join(', ');
  const isCursorRefused = sentCursor && [400, 404, 422].includes(status) && parameters === '';
  const remedy = isCursorRefused
    ? 'the cursor is no longer accepted'
    : remedies[status]?.({ isRemote, scopes, parameters });
  const own = [data?.error, data?.message].filter((part) => part != null && part !== '').join(': ');
  const message = [own, remedy ?? ''].filter((part) => part !== '').join('; ');
  if (isCursorRefused) return { message, code: 'vendor.cursor_rejected' };
  if (status === 503 && !isRemote) return { message, code: 'vendor.forbidden' };
  return message === '' ? undefined : { message };
}

/**
 * Seconds from now. It stands beside every answer where the back end has a limit, so it counts only where nothing remains.
 *
 * Source: truto.one/docs/api-reference/overview/rate-limits (stored copy, 2026-11).
 */
export function readRateLimitReset(headers: HttpHeaders): number | undefined {
  if (Number(headers['ratelimit-remaining'] ?? 0) > 0) return undefined;
  const waitMs = Number(headers['ratelimit-reset'] ?? Number.NaN) * 1000;
  return waitMs > 0 ? waitMs : undefined;
}

/**
 * The query parameters that the back end of an account supports; undefined where the answer does not say.
 *
 * Source: trutohq/truto-skills skills/truto/references/unified-api.md@f792f61 ("Method Metadata": `query_schema`).
 * Assumed: its form, which no document states; a JSON Schema, names with anything behind them and a list of names or of
 * named things are all read.
 */
export function readSupportedParameters(body: unknown): readonly string[] | undefined {
  const meta = z.object({ query_schema: z.unknown() }).safeParse(body);
  const found = namesOf(meta.data?.query_schema);
  return found.length === 0 ? undefined : [...new Set(found)].sort();
}

const named = z.object({ name: z.string() });
const jsonSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/** Names, with those below an object in brackets beside it: `updated_at`, `updated_at[gt]`. */
function namesOf(schema: unknown): string[] {
  if (typeof schema === 'string') return namesOf(parseJson(schema));
  if (Array.isArray(schema))
    return schema.flatMap((entry) => (typeof entry === 'string' ? [entry] : (named.safeParse(entry).data?.name ?? [])));
  if (typeof schema !== 'object' || schema === null) return [];
  const whole = jsonSchema.safeParse(schema).data?.properties ?? schema;
  // A JSON Schema without properties says "an object", and nothing of what is in it.
  if ('type' in whole && typeof whole.type === 'string') return [];
  return Object.entries(whole).flatMap(([name, member]) => [
    name,
    ...operatorsOf(member).map((op) => `${name}[${op}]`),
  ]);
}

function operatorsOf(member: unknown): string[] {
  return Object.keys(jsonSchema.safeParse(member).data?.properties ?? {});
}

function parseJson(source: string): unknown {
  try {
    const parsed: unknown = JSON.parse(source);
    return typeof parsed === 'string' ? undefined : parsed;
  } catch {
    return undefined;
  }
}

import * as z from 'zod/mini';
import type { HttpExplanation, HttpFailure } from '../http/http-client.ts';

/** Validation is loose: a field may be absent, null or empty, and only a value of the wrong type rejects its row. */
const text = z.nullish(z.string());

/**
 * One page. `previous_cursor` is left out: a sweep never goes back.
 *
 * Source: docs.leen.dev/api-reference/itsm/get-users, KeySetPaginatedResponse (stored copy, 2026-11): `next_cursor` is
 * not required. Assumed: "" means the same as null, like everywhere.
 */
export const leenList = z.object({
  items: z.array(z.unknown()),
  next_cursor: z.nullish(z.string().check(z.maxLength(4096))),
});

/**
 * A user, with or without groups; `id` is read with the row.
 *
 * Source: docs.leen.dev/api-reference/itsm/get-users, ITSMUserRespModel and ITSMUserWithGroupsRespModel (stored copy,
 * 2026-11): `created_at` and `updated_at` may be null, and so may each of the groups.
 */
export const leenUser = z.object({
  name: text,
  email: text,
  status: text,
  vendor_attributes: z.nullish(
    z.object({
      id: text,
      vendor: text,
      created_at: text,
      updated_at: text,
      // Only Jira's form is documented, but ServiceNow is connected too: any other form is let through as absent.
      // Source: docs.leen.dev/integrations/itsm.md (stored copy, 2026-11).
      data: z.catch(z.nullish(z.object({ accountType: text })), undefined),
    }),
  ),
  groups: z.nullish(z.array(z.nullish(z.object({ id: z.string().check(z.minLength(1)), name: text })))),
});
export type LeenUser = z.infer<typeof leenUser>;

/**
 * A connection, as far as it says whether its list is whole.
 *
 * Source: docs.leen.dev/api-reference/connection-health and …/provisioning/get-connection (stored copies, 2026-11):
 * `health.status` is HEALTHY or UNHEALTHY, `health.name` says why.
 */
export const leenConnection = z.object({
  state: z.string(),
  health: z.object({ name: text, status: z.string() }),
});
export type LeenConnection = z.infer<typeof leenConnection>;

/** Source: docs.leen.dev/api-reference/itsm/get-users, ErrorResponse (stored copy, 2026-11). Only 422 is documented. */
const failureBody = z.object({ code: text, message: text, detail: z.optional(z.unknown()) });
/** Assumed: the entries are FastAPI's, `{loc, msg, input…}`. `input` is left out, it repeats what was sent. */
const failureDetail = z.object({ loc: z.optional(z.array(z.union([z.string(), z.number()]))), msg: z.string() });

const remedies: { readonly [status: number]: string } = {
  401: 'check the apiKey (X-API-KEY), and that it is of this region',
  403: 'the connectionId (X-CONNECTION-ID) must belong to the account of the apiKey, and both to this region',
  404: 'check the connectionId and the region',
  422: 'check the options of the connection',
};

/** Leen's own words for a failure, and what to do. A refused cursor has expired: the list starts again. */
export function explainLeenFailure({ status, body }: HttpFailure, sentCursor: boolean): HttpExplanation | undefined {
  const isCursorRefused = sentCursor && [400, 404, 422].includes(status);
  const words = [wordsOf(body), isCursorRefused ? 'the cursor is no longer accepted' : remedies[status]];
  const message = words.filter((part) => part !== undefined && part !== '').join('; ');
  if (message === '') return undefined;
  return isCursorRefused ? { message, code: 'vendor.cursor_rejected' } : { message };
}

function wordsOf(body: unknown): string | undefined {
  const failure = failureBody.safeParse(body);
  if (!failure.success) return undefined;
  const { code, message, detail } = failure.data;
  const details = (Array.isArray(detail) ? detail : []).slice(0, 3).map((entry) => {
    const read = failureDetail.safeParse(entry);
    return read.success
      ? [...(read.data.loc === undefined ? [] : [read.data.loc.join('.')]), read.data.msg].join(' ')
      : '';
  });
  const single = typeof detail === 'string' ? detail : '';
  return [code ?? '', message ?? '', single, ...details].filter((part) => part !== '').join(': ');
}

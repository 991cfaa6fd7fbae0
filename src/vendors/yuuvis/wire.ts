import * as z from 'zod/mini';
import type { HttpExplanation, HttpFailure } from '../http/http-client.ts';

/** Validation is loose: a field may be absent, null or empty, and only a value of the wrong type rejects its row. */
const text = z.nullish(z.string());
const texts = z.nullish(z.array(text));
const count = z.int().check(z.minimum(0));

/**
 * One page. Only an object will do: `/tenant-management/api/admin/users`, `/api/system/tenants/{tenant}/users` and the
 * web client's `/api-web/api/idm/users` answer a bare array of other users' forms.
 *
 * Source: GET /tenant-management/api/idm/users, response example (stored copy, 2026-11); siblings:
 * yuuvisdevelop.atlassian.net/wiki/spaces/YM22WI/pages/320049954 and …/319915335.
 */
export const yuuvisList = z.object({
  objects: z.array(z.unknown()),
  numItems: z.nullish(count),
  totalNumItems: z.nullish(count),
  hasMoreItems: z.boolean(),
});

/**
 * A user; `id` is read with the row. `email`, the names, `roles` and `groups` are there "if available".
 *
 * `enabled` is a boolean; another word is let through, so that it becomes `unknown` instead of rejecting the user.
 * `createdTimestamp` is epoch milliseconds in the response example and "ISO datetime" in the property table.
 *
 * Source: GET /tenant-management/api/idm/users, response example (stored copy, 2026-11); property table:
 * yuuvisdevelop.atlassian.net/wiki, diffpages 353828877↔320050814.
 */
export const yuuvisUser = z.object({
  username: text,
  email: text,
  firstName: text,
  lastName: text,
  roles: texts,
  groups: texts,
  enabled: z.nullish(z.union([z.boolean(), z.string()])),
  createdTimestamp: z.nullish(z.union([z.number(), z.string()])),
});
export type YuuvisUser = z.infer<typeof yuuvisUser>;

/** The answer for a single user, as far as it proves that he is there. */
export const yuuvisShownUser = z.object({ id: z.string() });

/**
 * An error where users should be. Keycloak streams its list, and a federation that fails on the way adds its error to
 * what was sent already, behind a status of 200.
 *
 * Source: keycloak/keycloak#25778.
 */
const strayError = z.object({ id: z.optional(z.undefined()), error: z.string().check(z.minLength(1)) });

/** What went wrong although the answer is a 200; undefined where nothing did. */
export function findStrayError(body: unknown): string | undefined {
  const list = z.object({ objects: z.array(z.unknown()) }).safeParse(body);
  for (const part of [body, ...(list.data?.objects ?? [])]) {
    // Nearly none has one: only then is it looked at closely.
    if (!(part as { readonly error?: unknown } | null)?.error) continue;
    const stray = strayError.safeParse(part);
    if (stray.success) return stray.data.error;
  }
  return undefined;
}

/** Assumed: no error body is documented. These are the forms of Spring (`error`, `message`) and of Keycloak. */
const failureBody = z.object({ error: text, error_description: text, errorMessage: text, message: text });

const remedies: { readonly [status: number]: string } = {
  400: 'check the options max and search',
  401: 'check the credential, and that its user belongs to the tenant (X-ID-TENANT-NAME); a token needs the scope openid',
  403: 'the user of the credential must be allowed to use /tenant-management/api/idm',
  404: 'the base address is the root of the installation, what stands before /tenant-management',
};

/** What yuuvis says about a failure, and what to do. Source of 401: …/YM22WI/pages/320049954 (sibling endpoint). */
export function explainYuuvisFailure({ status, body }: HttpFailure): HttpExplanation | undefined {
  const failure = failureBody.safeParse(body);
  const { error, error_description, errorMessage, message } = failure.success ? failure.data : {};
  const said = [...new Set([error, error_description, errorMessage, message])].filter(Boolean).join(': ');
  const told = [said, remedies[status] ?? ''].filter((part) => part !== '').join('; ');
  return told === '' ? undefined : { message: told };
}

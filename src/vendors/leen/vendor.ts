import * as z from 'zod/mini';
import type { Page } from '../../model/page.ts';
import { dropAbsent, presentText } from '../http/drop-absent.ts';
import type { HttpRequest } from '../http/http-client.ts';
import { readCursor, writeCursor } from '../http/page-cursor.ts';
import { readRows } from '../http/read-rows.ts';
import { readShape } from '../http/read-shape.ts';
import { requireCredential } from '../http/require-credential.ts';
import type { PageRequest, Vendor } from '../vendor.ts';
import { leenProjection, toUser } from './to-user.ts';
import { explainLeenFailure, leenList, leenUser } from './wire.ts';

/** Source: docs.leen.dev/api-reference/itsm/get-users, servers (stored copy, 2026-11). */
const baseUrls = {
  us: 'https://api.leen.dev/v1',
  eu: 'https://api.eu-c1.leen.dev/v1',
  ap: 'https://api.ap-se2.leen.dev/v1',
} as const;

const noUsersPerPage =
  'expected at least 1: Leen accepts 0, but then answers no users, which would look like an empty list';

/**
 * Leen's own list parameters. Not here: `cursor`, which a sweep sets, and `updatedSince`, which narrows by time.
 *
 * Source: docs.leen.dev/api-reference/itsm/get-users, parameters (stored copy, 2026-11): `limit` has no maximum.
 */
const options = z.strictObject({
  connectionId: z
    .string()
    .check(z.regex(/^[!-~]{1,200}$/), z.describe('The connection at Leen whose users are listed (X-CONNECTION-ID).')),
  region: z
    ._default(z.enum(['us', 'eu', 'ap']), 'us')
    .check(z.describe('Where the account lives: sets the base address.')),
  name: z.optional(z.string().check(z.minLength(1), z.describe('Narrows the list to users of this name.'))),
  status: z.optional(z.enum(['ACTIVE', 'INACTIVE', 'DELETED']).check(z.describe('Narrows the list to one status.'))),
  includeUserGroups: z.optional(
    z.boolean().check(z.describe('Lists the groups of each user too; then they count as a change.')),
  ),
  projectId: z.optional(z.guid('expected a UUID').check(z.describe('Narrows the list to the users of a project.'))),
  limit: z._default(z.int().check(z.minimum(1, noUsersPerPage)), 100).check(z.describe('Users per page.')),
});
export type LeenOptions = z.infer<typeof options>;

const cursorContent = z.object({ cursor: z.string().check(z.minLength(1)) });

/** Leen: the users of one ITSM system, e.g. of Jira, as Leen last read them. */
export const leen: Vendor<LeenOptions> = {
  id: 'leen',
  title: 'Leen ITSM users',
  mappingVersion: 1,
  projection: leenProjection,
  projectionFor: ({ includeUserGroups }) =>
    leenProjection.filter(({ path }) => path !== 'groups' || includeUserGroups === true),
  options,
  // Source: docs.leen.dev/api-reference/authentication (stored copy, 2026-11).
  credentialSets: [['apiKey']],
  defaultBaseUrl: ({ region }) => baseUrls[region],
  account: ({ connectionId }) => connectionId,
  scope: ({ name, status, projectId }) => dropAbsent({ name, status, projectId }),
  proves: {
    endSignal: 'next_cursor is null or absent',
    total: 'none',
    delta: 'updatedSince (what it compares is not documented)',
    probe: 'GET /itsm/users/{id}',
    deletionsVisible: 'status DELETED, or disappearance',
    notFound: 'user_gone',
  },
  async fetchPage(ask, { http }): Promise<Page> {
    const request = buildRequest(ask);
    const answer = await http.requestJson(request);
    const list = readShape(answer, leenList, 'a list of users', request);
    const next = presentText(list.next_cursor);
    return {
      ...readRows(list.items, { schema: leenUser, toUser }),
      // Source: docs.leen.dev/api-reference-v2/pagination (stored copy, 2026-11): null means the end.
      next: next === undefined ? null : writeCursor({ cursor: next }),
      evidence: {},
      observedAt: answer.receivedAt,
      ...(answer.retries === 0 ? {} : { retries: answer.retries }),
    };
  },
};

/** Source: docs.leen.dev/api-reference/itsm/get-users (stored copy, 2026-11). */
function buildRequest({
  connectionId,
  baseUrl,
  credentials,
  options: set,
  cursor,
}: PageRequest<LeenOptions>): HttpRequest {
  const apiKey = requireCredential(credentials, 'apiKey', { vendor: leen.id, connectionId });
  const place = { vendor: leen.id, connectionId, url: new URL(`${baseUrl}/itsm/users`), secrets: [apiKey] };
  const resumed = cursor === undefined ? undefined : readCursor(cursor, cursorContent, place).cursor;
  for (const [name, value] of Object.entries(parametersOf(set, resumed)))
    place.url.searchParams.set(name, String(value));
  return {
    ...place,
    headers: { 'x-api-key': apiKey, 'x-connection-id': set.connectionId },
    explain: (failure) => explainLeenFailure(failure, resumed !== undefined),
  };
}

/**
 * The narrowing options go with every page. The sample cursors hold an offset and nothing else, so a page asked for
 * without them could come from the whole list: users nobody asked for, and others skipped. Only `updatedSince` is
 * documented as refused (422) beside `cursor`.
 *
 * Source: docs.leen.dev/api-reference/pagination (stored copy, 2026-11). Assumed: repeating the others is accepted.
 */
function parametersOf({ name, status, includeUserGroups, projectId, limit }: LeenOptions, cursor: string | undefined) {
  return dropAbsent({ name, status, includeUserGroups, projectId, limit, cursor });
}

import * as z from 'zod/mini';
import type { SimulatedPerson } from '../simulated-person.ts';

/** What narrows the list. It travels inside the cursor, so that a later page needs nothing but the cursor. */
const filters = z.strictObject({
  name: z.optional(z.string()),
  status: z.optional(z.enum(['ACTIVE', 'INACTIVE', 'DELETED'])),
  projectId: z.optional(z.uuid()),
  updatedSince: z.optional(z.iso.datetime({ offset: true })),
});

/** `attempt` tells a cursor from an earlier one to the same place. */
const cursor = z.extend(filters, { offset: z.int().check(z.minimum(0)), attempt: z.optional(z.int()) });

export type LeenFilters = z.output<typeof filters>;
export type LeenCursor = z.output<typeof cursor>;
export type LeenQuery = LeenFilters & { limit: number; offset: number; hasCursor: boolean; withGroups: boolean };
export type InvalidParameter = { readonly invalid: string; readonly why: string };

const truths: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

/** Source of the parameters: docs.leen.dev/api-reference/itsm/get-users; of the refusal of `updatedSince` beside
 *  `cursor`: docs.leen.dev/api-reference/pagination (stored copies). Unknown parameters are ignored. */
export function parseLeenQuery(parameters: URLSearchParams): LeenQuery | InvalidParameter {
  const limit = parameters.get('limit') ?? '100';
  if (!/^\d+$/.test(limit)) return { invalid: 'limit', why: 'Input should be an integer of at least 0' };
  const withGroups = truths[parameters.get('includeUserGroups') ?? 'false'];
  if (withGroups === undefined) return { invalid: 'includeUserGroups', why: 'Input should be a boolean' };
  const parsed = filters.safeParse(pickFilters(parameters));
  if (!parsed.success) {
    const [fault] = parsed.error.issues;
    return { invalid: String(fault?.path[0]), why: fault?.message ?? 'Invalid input' };
  }
  const sent = parameters.get('cursor');
  const at = sent === null ? { offset: 0 } : parseCursor(sent);
  if (!at) return { invalid: 'cursor', why: 'The cursor is not valid' };
  if (sent !== null && parsed.data.updatedSince !== undefined) {
    return { invalid: 'updatedSince', why: 'updatedSince cannot be combined with cursor' };
  }
  return { ...at, ...parsed.data, limit: Number(limit), hasCursor: sent !== null, withGroups };
}

/** Base64 of JSON with an offset, as in the documentation's samples: a place in the list, not in the people, so a list
 *  that changes under it drifts. Source: docs.leen.dev/api-reference/pagination (stored copy, decoded). */
export function writeCursor(
  { name, status, projectId, updatedSince }: LeenFilters,
  offset: number,
  attempt?: number,
): string {
  const content: { [Key in keyof LeenCursor]: unknown } = { offset, name, status, projectId, updatedSince, attempt };
  return Buffer.from(JSON.stringify(content)).toString('base64');
}

/** Assumed: `name` is contained in the person's, whatever the case; `updatedSince` compares the time of Leen's row. */
export function matchesLeenFilters(person: SimulatedPerson, query: LeenFilters, projectId: string): boolean {
  const name = `${person.givenName} ${person.familyName}`.toLowerCase();
  return (
    name.includes((query.name ?? '').toLowerCase()) &&
    (query.status ?? person.status) === person.status &&
    (query.projectId ?? projectId).toLowerCase() === projectId &&
    (query.updatedSince === undefined || Date.parse(person.updatedAt) >= Date.parse(query.updatedSince))
  );
}

function pickFilters(parameters: URLSearchParams): Record<string, string> {
  const names = ['name', 'status', 'projectId', 'updatedSince'];
  return Object.fromEntries([...parameters].filter(([name]) => names.includes(name)));
}

function parseCursor(text: string): LeenCursor | null {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64').toString()));
  } catch {
    return null;
  }
}

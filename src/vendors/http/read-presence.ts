import * as z from 'zod/mini';
import { isFeedError } from '../../model/feed-error.ts';
import { addressOf } from './address.ts';
import type { HttpJson, HttpRequest } from './http-client.ts';
import { readShape } from './read-shape.ts';

const whoever = z.object({ id: z.union([z.string(), z.int()]) });

/** Whether a path can end in this id: a URL swallows these two however they are written, and asks for something else. */
export function isAddressable(userId: string): boolean {
  return userId !== '.' && userId !== '..';
}

/**
 * What the answer to a request for one user says: `present` with his own id, `absent` after 404 or 410, `unknown`
 * after 401, 403 or somebody else's id, and for an id that no address can hold, which is not asked for. Other faults are thrown, and so is a 404 from elsewhere, e.g. from a token
 * endpoint, which would say nothing about the user.
 */
export async function readPresence(
  userId: string,
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpJson>,
): Promise<'present' | 'absent' | 'unknown'> {
  if (!isAddressable(userId)) return 'unknown';
  try {
    const { id } = readShape(await send(request), whoever, 'a user', request);
    return String(id) === userId ? 'present' : 'unknown';
  } catch (error) {
    if (isFeedError(error, 'vendor.unauthorized', 'vendor.forbidden')) return 'unknown';
    if (isFeedError(error, 'vendor.not_found') && error.context.address === addressOf(request.url)) return 'absent';
    throw error;
  }
}

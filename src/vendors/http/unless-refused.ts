import { isFeedError } from '../../model/feed-error.ts';

/** What it resolves to; undefined where the vendor refuses that request, or answers what nobody can read. */
export async function unlessRefused<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isFeedError(error) && /^vendor\.(not_found|forbidden|rejected_request|bad_response)$/.test(error.code))
      return undefined;
    throw error;
  }
}

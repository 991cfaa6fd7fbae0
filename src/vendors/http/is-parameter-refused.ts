import { isFeedError } from '../../model/feed-error.ts';
import { addressOf } from './address.ts';

/** Whether it is this address that refuses what it is asked (400, 422), and not, say, a token endpoint on the way there. */
export function isParameterRefused(error: unknown, url: URL): boolean {
  if (!isFeedError(error, 'vendor.rejected_request')) return false;
  const { status = 0, address } = error.context;
  return [400, 422].includes(status) && address === addressOf(url);
}

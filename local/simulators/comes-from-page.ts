import type { IncomingMessage } from 'node:http';

const ownNames = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Whether a request was made by a page of some web site in a browser of this machine. What listens on loopback without
 * a secret is for programs: a page of another origin shows in `Origin` or `Sec-Fetch-Site`, and one whose own name was
 * made to lead here shows in `Host`. An address that somebody types is no page's doing.
 */
export function comesFromPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
  return !ownNames.test(host) || origin !== undefined || site !== 'none';
}
